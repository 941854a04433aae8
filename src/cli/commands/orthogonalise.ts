import { join } from "node:path";
import { Command } from "commander";
import { documentSuffix, makeFolder, writeDocument } from "../../engine/files";
import { findDirection } from "../packDirections";
import { runBlock } from "../run";
import type { Shell, Task } from "../shell";
import { UsageError } from "../usage";

interface OrthogonaliseOptions {
  readonly inOrder?: boolean;
  readonly out: string;
}

/** `rfm orthogonalise`: directions at right angles to one another. */
export function orthogonaliseCommand(shell: Shell): Command {
  const command = new Command("orthogonalise")
    .summary("directions at right angles to one another")
    .description(
      "Make directions orthogonal. All give way alike (the nearest orthogonal vectors, Loewdin), or with --in-order the first stays and each later one gives way to those before it (Gram and Schmidt).",
    )
    .argument("<D...>", "directions of the pack by name, or .direction.json")
    .option("--in-order", "the first stays, the later ones give way")
    .requiredOption("--out <folder>", "where to write them under their names");
  return command.action(async (names: readonly string[], options: OrthogonaliseOptions) => {
    await shell.run(command, (task) => orthogonalise(task, names, options));
  });
}

async function orthogonalise(
  { output, signal, workshop }: Task,
  names: readonly string[],
  options: OrthogonaliseOptions,
): Promise<void> {
  const { CodeSample, orthogonaliseDirections } = await import("../../engine/directions");
  const model = await workshop.model();
  const directions = [];
  for (const name of names) directions.push(await findDirection(name, model));
  const files = directions.map(({ name }) => join(options.out, name + documentSuffix("direction")));
  const twice = files.find((file, at) => files.indexOf(file) !== at);
  if (twice !== undefined) {
    throw new UsageError(`Two directions would be written to ${twice}; rename one of the files.`);
  }
  const codes = await CodeSample.draw(model, signal);
  const documents = orthogonaliseDirections(directions, model, options.inOrder === true ? "given" : "alike", {
    run: runBlock("cpu"),
    sigmaAlong: (vector) => codes.sigmaAlong(vector),
  });
  await makeFolder(options.out);
  const written: object[] = [];
  for (const [at, document] of documents.entries()) {
    const path = files[at] ?? "";
    const cosine = document.conditioning?.cosine ?? 1;
    await writeDocument(path, document);
    written.push({ path, attribute: document.attribute, cosine });
    output.note(`${path}: cosine ${cosine.toFixed(3)} to what it was`);
  }
  output.result({ directions: written }, "");
}
