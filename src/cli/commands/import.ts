import { basename, join } from "node:path";
import { Command } from "commander";
import {
  documentSuffix,
  makeFolder,
  RfmError,
  writeDocument,
  type DirectionDocument,
  type LatentDocument,
} from "../../engine/files";
import type {
  ImportDirectionOptions,
  ImportedGanSpace,
  ImportedModel,
  ImportGanSpaceOptions,
  OnnxChoices,
} from "../../engine/imports";
import { runBlock } from "../run";
import { tellOfSet } from "../labelSet";
import type { CommonOptions, Shell, Task } from "../shell";
import { choiceOption, integerOption, UsageError } from "../usage";

interface ImportOptions extends Pick<CommonOptions, "model"> {
  readonly out: string;
  readonly as?: string;
  readonly name?: string;
  readonly cleaning?: string;
  readonly codes?: string;
  readonly count?: string;
  readonly space?: string;
  readonly code?: string;
  readonly picture?: string;
  readonly range?: string;
}

const KINDS = ["model", "latent", "direction", "labels"] as const;
type Kind = (typeof KINDS)[number];

/** `rfm import`: checkpoints become a model pack; label sets, latents and directions become documents. */
export function importCommand(shell: Shell): Command {
  const command = new Command("import")
    .summary("checkpoints to a model pack; label sets, latents and directions to documents")
    .description(
      "Import what other projects publish, recognised by its content; nothing in it is executed. Files of one model (its synthesis, mapping, average, encoder) are named together and make one pack. Latents, directions and label sets become documents of the model that --model names; the files of one label set (labels, codes) are named together.",
    )
    .argument("<file...>", "checkpoints of one model, or latents, or directions, or one label set")
    .requiredOption("--out <folder>", "the new pack, or the folder of the documents")
    .option("--as <kind>", `${KINDS.join(", ")}, where the content could be several`)
    .option("--name <name>", "name of the pack (default: the folder's) or label set (the file's)")
    .option("--space <z|w>", "what the code of an ONNX generator is (default: by its input's name)")
    .option("--code <name>", "the input of an ONNX generator that takes the code")
    .option("--picture <name>", "the output of an ONNX generator that is the picture")
    .option("--range <black:white>", "numbers of an ONNX generator's pictures, such as 0:1 (default: -1:1)")
    .option("--count <K>", "components of GANSpace, the strongest first (default: 20)")
    .option("--cleaning <rfm|corrected>", "how answers of the Face API become columns (default: rfm)")
    .option("--codes <z|w>", "what the codes of a label set are, where they could be either");
  return command.action(async (files: string[]) => {
    await shell.run(command, (task) => importFiles(task, files, command.optsWithGlobals<ImportOptions>()));
  });
}

async function importFiles(task: Task, files: readonly string[], options: ImportOptions): Promise<void> {
  const kind = options.as === undefined ? await kindOf(files) : choiceOption("--as", options.as, KINDS);
  if (kind === "model") await importPack(task, files, options);
  else if (kind === "labels") await importLabelSet(task, files, options);
  else await importDocuments(task, files, options, kind);
}

/** By content: networks make a model; an array with codes for every layer is a latent, a single row is a direction. */
async function kindOf(files: readonly string[]): Promise<Kind> {
  const { openCheckpoint } = await import("../../engine/checkpoints");
  const { ganSpaceComponents, labelFilesIn, networksIn } = await import("../../engine/imports");
  const opened = await Promise.all(files.map((file) => openCheckpoint(file)));
  if (opened.some(({ container }) => container === "onnx")) return "model";
  const { generator, encoder, classifiers, lpips } = networksIn(opened);
  if (generator ?? encoder ?? classifiers[0] ?? lpips) return "model";
  if (labelFilesIn(opened) !== undefined) return "labels";
  if (opened.some((file) => ganSpaceComponents(file).length > 0)) return "direction";
  const [tensor, ...rest] = opened[0]?.tensors.values() ?? [];
  if (tensor === undefined || rest.length > 0) return "model";
  if (tensor.shape.length === 3) return "latent";
  if (tensor.shape.length === 1 || tensor.shape[0] === 1) return "direction";
  throw new RfmError(
    "usage",
    `${files[0] ?? ""} has the shape ${tensor.shape.join("x")}, which a latent and a direction can have; say which by --as latent or --as direction.`,
  );
}

async function importPack(task: Task, files: readonly string[], options: ImportOptions): Promise<void> {
  const { out, name } = options;
  const { output, signal, workshop } = task;
  const { importModel } = await import("../../engine/imports");
  const imported = await importModel(files, {
    folder: out,
    ...(name === undefined ? {} : { name }),
    onnx: onnxChoices(options),
    runtime: await workshop.runtime(),
    signal,
    onProgress: output.progress.bind(output),
  });
  output.result({ model: imported }, sentences(imported));
}

/** @throws UsageError */
function onnxChoices({ space, code, picture, range }: ImportOptions): OnnxChoices {
  return {
    ...(space === undefined ? {} : { space: choiceOption("--space", space, ["z", "w"]) }),
    ...(code === undefined ? {} : { codeInput: code }),
    ...(picture === undefined ? {} : { pictureOutput: picture }),
    ...(range === undefined ? {} : { range: rangeOption(range) }),
  };
}

function rangeOption(text: string): readonly [number, number] {
  const [black, white] = (/^([^:]+):([^:]+)$/.exec(text)?.slice(1) ?? []).map(Number);
  if (black !== undefined && white !== undefined && Number.isFinite(black - white) && black !== white)
    return [black, white];
  throw new UsageError(`--range takes two numbers, black and white, such as 0:1 or -1:1, not "${text}".`);
}

/** What a pack is named by, in other commands. */
const USE: Readonly<Record<ImportedModel["kind"], (folder: string) => readonly string[]>> = {
  generator: (folder) => [`Use it by --model ${folder}.`],
  scorer: (folder) => [`Use it by --scorer ${folder}.`],
  perceptual: () => [],
};

function sentences({ folder, kind, what, sha256, missing, licences }: ImportedModel): string {
  return [
    `${folder}: ${what} (${sha256.slice(0, 12)})`,
    ...missing,
    ...licences.map((sentence) => `Licence: ${sentence}`),
    ...USE[kind](folder),
  ].join("\n");
}

async function importLabelSet(
  { output, signal, workshop }: Task,
  files: readonly string[],
  { out, name, cleaning = "rfm", codes, model: chosen }: ImportOptions,
): Promise<void> {
  const choices = {
    cleaning: choiceOption("--cleaning", cleaning, ["rfm", "corrected"]),
    ...(codes === undefined ? {} : { codes: choiceOption("--codes", codes, ["z", "w"]) }),
  };
  if (chosen === undefined) {
    throw new UsageError(
      "A label set belongs to the model that drew its faces: import that first and name its pack by --model.",
    );
  }
  const { importLabels } = await import("../../engine/imports");
  const model = await workshop.model();
  const path = join(out, name ?? stemOf(files[0] ?? "labels"));
  const { document, notes } = await importLabels(files, {
    model,
    name: path,
    ...choices,
    run: runBlock(model.runtime.provider),
    signal,
    onProgress: (progress) => {
      output.progress({ phase: "map", ...progress });
    },
  });
  for (const note of notes) output.warn(note);
  await tellOfSet({ output }, path + documentSuffix("labels"), document, {});
}

/** A file's name without what it ends in. */
function stemOf(path: string): string {
  return basename(path)
    .replace(/\.gz$/i, "")
    .replace(/\.[^.]+$/, "");
}

async function importDocuments(
  task: Task,
  files: readonly string[],
  options: ImportOptions,
  kind: "latent" | "direction",
): Promise<void> {
  const { output, signal, workshop } = task;
  const { out } = options;
  const count = options.count === undefined ? undefined : integerOption("--count", options.count, 1);
  const { importLatents } = await import("../../engine/imports");
  const model = await workshop.model();
  const run = runBlock(model.runtime.provider);
  await makeFolder(out);
  const written: string[] = [];
  const write = async (name: string, document: DirectionDocument | LatentDocument): Promise<void> => {
    const path = join(out, name + documentSuffix(kind));
    await writeDocument(path, document);
    written.push(path);
  };
  for (const file of files) {
    const name = stemOf(file);
    if (kind === "direction") {
      const { documents, notes } = await directionsOf(file, { model, run, signal, ...(count && { count }) });
      for (const document of documents)
        await write(documents.length === 1 ? name : document.attribute, document);
      for (const note of notes) output.warn(note);
      continue;
    }
    const documents = await importLatents(file, model, run);
    for (const [index, document] of documents.entries())
      await write(documents.length === 1 ? name : `${name}-${index}`, document);
  }
  output.result({ documents: written }, written.join("\n"));
}

/** One direction, or GANSpace's components. */
async function directionsOf(
  file: string,
  options: ImportDirectionOptions & Pick<ImportGanSpaceOptions, "count">,
): Promise<ImportedGanSpace> {
  const { ganSpaceComponents, importDirection, importGanSpace } = await import("../../engine/imports");
  const { openCheckpoint } = await import("../../engine/checkpoints");
  if (ganSpaceComponents(await openCheckpoint(file)).length > 0) return importGanSpace(file, options);
  const { document, notes } = await importDirection(file, options);
  return { documents: [document], notes };
}
