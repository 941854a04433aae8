import { basename } from "node:path";
import { Command } from "commander";
import { documentSuffix, writeDocument } from "../../engine/files";
import { findDirection } from "../packDirections";
import { runBlock } from "../run";
import type { Shell, Task } from "../shell";
import { weightedName } from "../usage";

/** `rfm combine`: a weighted sum of directions; of one with weight -1, its opposite. */
export function combineCommand(shell: Shell): Command {
  const command = new Command("combine")
    .summary("a weighted sum of directions; D=-1 turns one round")
    .description(
      "Add directions up. An amount of 1 along the sum does what amounts of the weights along each do together; one direction with the weight -1 is turned round.",
    )
    .argument(
      "<D=WEIGHT...>",
      "directions of the pack by name, or .direction.json, and their weights in sigma",
    )
    .requiredOption("--out <D4>", "the .direction.json to write");
  return command.action(async (parts: readonly string[], options: { readonly out: string }) => {
    await shell.run(command, (task) => combine(task, parts, options.out));
  });
}

async function combine({ output, workshop }: Task, texts: readonly string[], out: string): Promise<void> {
  const wanted = texts.map((text) => weightedName("The direction", text, "smile=1 or age=-0.5"));
  const { combineDirections } = await import("../../engine/directions");
  const model = await workshop.model();
  const parts = [];
  for (const { name, amount } of wanted) {
    parts.push({ direction: await findDirection(name, model), weight: amount });
  }
  const document = combineDirections(parts, model, {
    name: basename(out).replace(documentSuffix("direction"), ""),
    run: runBlock("cpu"),
  });
  await writeDocument(out, document);
  const { space, shape, sigma, layers } = document;
  output.result({ path: out, space, shape, sigma, layers }, out);
}
