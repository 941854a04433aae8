import { Command } from "commander";
import { readDocument, RfmError, type Edit, type LatentDocument } from "../../engine/files";
import { beside } from "../arrays";
import { findDirection } from "../packDirections";
import { writeFace } from "../pictures";
import type { Shell, Task } from "../shell";
import { asUsage, layersOption, numberOption, weightedName } from "../usage";
import type { EditChoices } from "../../engine/directions";
import type { Model } from "../../engine/models";

interface EditOptions {
  readonly direction?: readonly string[];
  readonly layers?: string;
  readonly clip?: string;
  readonly base?: boolean;
  readonly likeness?: string;
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

  const { applyEdits, checkDirectionMatches, editAlong } = await import("../../engine/directions");
  const { latentCode } = await import("../../engine/latents");
  const document = await readDocument(path, "latent");
  const model = await workshop.model();
  const w = latentCode(document, path, model);
  const edits: Edit[] = options.base === true ? [] : [...document.edits];
  for (const { name, amount } of wanted) {
    const direction = await findDirection(name, model);
    checkDirectionMatches(direction, model);
    edits.push(editAlong(direction, amount, choices));
  }
  const moved = applyEdits(w, model.layers, model.wDimension, edits);
  const generator = await generatorOf(document, path, model, likeness);
  await writeFace(await generator.synthesize(moved, 1), model.resolution, out);
  if (generator !== model) await generator.dispose();
  const applied = edits.map(({ direction, amount, layers, muted }) => ({
    direction: direction.name,
    amount,
    layers,
    muted,
  }));
  output.result({ path: out, edits: applied }, out);
}

/** The model, or the one tuned to the latent's face so far; then it is the caller's to dispose. */
async function generatorOf(
  document: LatentDocument,
  path: string,
  model: Model,
  likeness = document.tuned?.amount ?? 0,
): Promise<Model> {
  if (likeness === 0) return model;
  const { openTunedModel, readTunedWeights } = await import("../../engine/latents");
  const deltas = await readTunedWeights(document, path, model);
  if (deltas !== undefined) return openTunedModel(model, deltas, likeness);
  throw new RfmError(
    "usage",
    `${path} has no tuned weights to take a likeness from; match the face with \`rfm invert --tune 100\` first.`,
  );
}
