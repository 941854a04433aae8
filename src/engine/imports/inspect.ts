import {
  byteLengthOf,
  openCheckpoint,
  type Container,
  type OpenedCheckpoint,
  type StoredType,
} from "../checkpoints";
import { readFileBounded, RfmError } from "../files";
import { lpipsPart, type LpipsPart } from "../networks";
import { describeModel } from "../onnx";
import { networksIn, type Networks } from "./contents";
import { ganSpaceComponents } from "./importGanSpace";
import { labelFilesIn } from "./labelSets/labelFiles";
import { licencesOf, UNKNOWN_LICENCE } from "./licences";
import { described } from "./onnxParts";

export interface InspectedTensor {
  readonly name: string;
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  readonly bytes: number;
}

/** What a file holds, found out without importing it. */
export interface Inspection {
  readonly path: string;
  readonly container: Container;
  readonly gzip: boolean;
  /** Of the file. */
  readonly bytes: number;
  /** What it seems to be, in a sentence. */
  readonly guess: string;
  readonly tensors: readonly InspectedTensor[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Sentences. */
  readonly licences: readonly string[];
}

/** Looks into a checkpoint or array: its names, types and shapes, and what they make. No tensor is read. */
export async function inspectFile(path: string): Promise<Inspection> {
  const file = await openCheckpoint(path);
  const tensors = [...file.tensors].map(([name, { dtype, shape }]) => ({
    name,
    dtype,
    shape,
    bytes: byteLengthOf(dtype, shape, Infinity) ?? 0,
  }));
  const { guess, licences } = await guessOf(file, tensors);
  return {
    path,
    container: file.container,
    gzip: file.gzip,
    bytes: file.size,
    guess,
    tensors,
    metadata: Object.fromEntries(file.metadata),
    licences,
  };
}

async function guessOf(
  file: OpenedCheckpoint,
  tensors: readonly InspectedTensor[],
): Promise<Pick<Inspection, "guess" | "licences">> {
  if (file.container === "onnx") return { guess: await onnxGuess(file.name), licences: [UNKNOWN_LICENCE] };
  try {
    const networks = networksIn([file]);
    const named = nameOf(networks) ?? HALVES.get(lpipsPart(file)) ?? labelsGuess(file) ?? ganSpaceGuess(file);
    return { guess: named ?? arrayGuess(tensors), licences: licencesOf(networks) };
  } catch (error) {
    // A network that cannot be built is still worth looking at.
    if (error instanceof RfmError) return { guess: error.message, licences: [] };
    throw error;
  }
}

/** Protocol buffers are no larger. */
const MOST_OF_ONNX = 2 ** 31 - 1;

const FAMILIES = { stylegan1: "StyleGAN1", stylegan2: "StyleGAN2", pggan: "PGGAN" } as const;

/** Files of LPIPS that make it only together. */
const HALVES = new Map<LpipsPart | undefined, string>([
  ["vgg", "VGG16, one half of LPIPS; the other are the metric's own weights."],
  ["metric", "The weights of LPIPS, one half of it; the other is torchvision's VGG16."],
]);

function nameOf({ generator, encoder, classifiers, lpips }: Networks): string | undefined {
  const [classifier] = classifiers;
  if (generator !== undefined)
    return `A ${FAMILIES[generator.architecture]} generator in the layout of ${generator.layout}.`;
  if (encoder !== undefined) return `An encoder E in the layout of ${encoder.layout}.`;
  if (classifier !== undefined)
    return `A CelebA-HQ classifier of ${classifier.record.name}, for pictures of ${classifier.resolution} pixels.`;
  return lpips === undefined ? undefined : "Weights of LPIPS, the perceptual distance.";
}

async function onnxGuess(path: string): Promise<string> {
  const model = describeModel(await readFileBounded(path, MOST_OF_ONNX), path);
  const pictures = model.outputs.some(({ sizes }) => sizes.length === 4 && sizes[1] === 3);
  return `${pictures ? "A network in ONNX that draws pictures" : "A network in ONNX"}: ${described(model)}.`;
}

function labelsGuess(file: OpenedCheckpoint): string | undefined {
  const { scores, answers, arrays } = labelFilesIn([file]) ?? {};
  const codes = arrays?.map(({ shape }) => shape.join("x")).join(", ") ?? "";
  const faces = codes === "" ? "" : `, with codes of the faces (${codes})`;
  if (answers !== undefined)
    return `A label set: ${answers.items.length} answers of the Microsoft Face API${faces}.`;
  return scores === undefined
    ? undefined
    : `A label set: ${scores.shape[0] ?? 0} faces in 40 attributes${faces}.`;
}

function ganSpaceGuess(file: OpenedCheckpoint): string | undefined {
  const [components] = ganSpaceComponents(file);
  return components === undefined
    ? undefined
    : `${components.count} directions of GANSpace, of ${components.width} numbers each.`;
}

function arrayGuess(tensors: readonly InspectedTensor[]): string {
  const [only, ...rest] = tensors;
  if (only === undefined) return "Nothing that has numbers.";
  if (rest.length > 0) return "Arrays of no network that is known here.";
  const { shape } = only;
  const width = shape.at(-1) ?? 1;
  const rows = shape.at(-2) ?? 1;
  if (shape.length === 3 && width === 512) return `${shape[0] ?? 0} latents in w+ of ${rows} layers.`;
  if (shape.length === 2 && rows === 1 && width % 512 === 0 && width > 512)
    return `A direction in w+ of ${width / 512} layers, in RFM's form.`;
  if (shape.length <= 2 && rows === 1 && width === 512) return "A direction or latent in z or w.";
  if (shape.length === 2 && width === 512) return `Codes in z or w, or one w+ of ${rows} layers.`;
  return "An array.";
}
