import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { pathFrom } from "../../engine/files";
import { beside } from "../arrays";
import { findDirection } from "../packDirections";
import { writeFace } from "../pictures";
import { runBlock } from "../run";
import type { Shell, Task } from "../shell";
import { drawShown, shownLatent } from "../shownLatent";
import { asUsage, layersOption, numberOption, weightedName } from "../usage";
import type { EditChoices } from "../../engine/directions";
import type { Edit } from "../../engine/files";

interface EditOptions {
  readonly direction?: readonly string[];
  readonly layers?: string;
  readonly clip?: string;
  readonly base?: boolean;
  readonly likeness?: string;
  readonly recipe?: string;
  readonly out?: string;
}

/** `rfm edit`: a latent moved along directions, as a picture. */
export function editCommand(shell: Shell): Command {
  const command = new Command("edit")
    .summary("a latent moved along directions, as a picture")
    .description(
      "Move a latent along directions and make the picture. The edits saved in the latent come first.",
    )
    .argument("<latent>", "a NAME.latent.json")
    .option(
      "--direction <D=AMOUNT...>",
      "a direction of the pack by name, or a .direction.json, and how far in standard deviations",
    )
    .option("--layers <A:B>", "rows of w+ to edit (default: what the direction recommends)")
    .option("--clip <C>", "leave out entries of the direction up to this size (default: 0)")
    .option("--base", "leave out the edits saved in the latent")
    .option(
      "--likeness <A>",
      "0 to 1: how far a matched latent's generator is moved to its photo (default: as saved in the latent)",
    )
    .option("--recipe <FILE>", "also write the edits alone, a .recipe.json for `rfm apply`")
    .option("--out <IMG>", "where to write (default: NAME.edited.png beside the latent)");
  return command.action(async (latent: string, options: EditOptions) => {
    await shell.run(command, (task) => edit(task, latent, options));
  });
}

async function edit({ output, workshop }: Task, path: string, options: EditOptions): Promise<void> {
  const wanted = (options.direction ?? []).map((text) => weightedName("--direction", text, "smile=1.5"));
  const choices: EditChoices = {
    ...(options.layers === undefined ? {} : { layers: layersOption(options.layers) }),
    ...(options.clip === undefined ? {} : { clip: numberOption("--clip", options.clip, 0) }),
  };
  const likeness =
    options.likeness === undefined ? undefined : numberOption("--likeness", options.likeness, 0, 1);
  const out = options.out ?? beside(beside(path, ""), ".edited.png");
  const { formatOf } = await import("../../engine/faces");
  asUsage(() => formatOf(out));

  const { checkDirectionMatches, editAlong, writeRecipe } = await import("../../engine/directions");
  const model = await workshop.model();
  const added: Edit[] = [];
  for (const { name, amount } of wanted) {
    const direction = await findDirection(name, model);
    checkDirectionMatches(direction, model);
    const remembered = pathFrom(resolve(dirname(path)), resolve(direction.path));
    added.push(editAlong(direction, amount, choices, remembered));
  }
  const shown = await shownLatent(path, model, {
    edits: (saved) => (options.base === true ? added : [...saved, ...added]),
    ...(likeness === undefined ? {} : { likeness }),
  });
  const { edits, document } = shown;
  await writeFace(await drawShown(shown, model), model.resolution, out);
  if (options.recipe !== undefined) {
    const run = runBlock(model.runtime.provider);
    await writeRecipe(options.recipe, edits, { model: document.model, from: path, run });
    output.note(options.recipe);
  }
  const applied = edits.map(({ direction, amount, layers, muted }) => ({
    direction: direction.name,
    amount,
    layers,
    muted,
  }));
  output.result(
    { path: out, edits: applied, ...(options.recipe === undefined ? {} : { recipe: options.recipe }) },
    out,
  );
}
