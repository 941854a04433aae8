import { join } from "node:path";
import { readFileBounded, RfmError } from "../../files";

/**
 * A weight as face-api stores it: either float32 numbers, or bytes that stand for `(byte - zeroPoint) * scale`.
 * Kernels are in TensorFlow's order: [height, width, in, out].
 */
export interface FaceWeight {
  readonly shape: readonly number[];
  /** All its numbers as float32, computed anew at each call. */
  readonly values: () => Float32Array;
  readonly quantised?: { readonly bytes: Uint8Array; readonly scale: number; readonly zeroPoint: number };
}

/** The named weights of one net. */
export class FaceWeights {
  constructor(
    readonly path: string,
    readonly byName: ReadonlyMap<string, FaceWeight>,
  ) {}

  /** @throws RfmError("checkpoint") where there is no such weight, or not of so many axes. */
  get(name: string, axes: number): FaceWeight {
    const weight = this.byName.get(name);
    if (weight?.shape.length !== axes) {
      throw broken(
        this.path,
        weight === undefined ? `has no weight ${name}` : `holds ${name} in another shape`,
      );
    }
    return weight;
  }
}

const MAXIMUM_MANIFEST = 1 << 20;
const MAXIMUM_WEIGHTS = 1 << 28;

/**
 * Reads the weights of one net in face-api's format: `NAME-weights_manifest.json` and the `.bin` beside it.
 * @param folder where both lie, as in the `model` folder of the package @vladmandic/face-api
 * @throws RfmError("file") where one cannot be read, RfmError("checkpoint") where it is not what it should be.
 */
export async function readFaceWeights(folder: string, name: string): Promise<FaceWeights> {
  const manifestPath = join(folder, `${name}-weights_manifest.json`);
  const binaryPath = join(folder, `${name}.bin`);
  const manifest = parseManifest(
    manifestPath,
    (await readFileBounded(manifestPath, MAXIMUM_MANIFEST)).toString("utf8"),
  );
  const bytes = await readFileBounded(binaryPath, MAXIMUM_WEIGHTS);
  const byName = new Map<string, FaceWeight>();
  let offset = 0;
  for (const entry of manifest) {
    const count = entry.shape.reduce((product, size) => product * size, 1);
    const end = offset + count * (entry.quantisation === undefined ? 4 : 1);
    // Not `end > length`: a product that is no safe number must fail too.
    if (!(end <= bytes.length)) throw broken(binaryPath, "ends in the middle of its weights");
    byName.set(entry.name, readWeight(entry, bytes.subarray(offset, end), count));
    offset = end;
  }
  if (offset !== bytes.length) throw broken(binaryPath, "holds more than its manifest says");
  return new FaceWeights(binaryPath, byName);
}

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly quantisation: { readonly scale: number; readonly minimum: number } | undefined;
}

function readWeight({ shape, quantisation }: Entry, source: Uint8Array, count: number): FaceWeight {
  // A copy, because float32 must start at a multiple of four and the file's buffer should not be kept alive.
  const bytes = Uint8Array.from(source);
  if (quantisation === undefined) return { shape, values: () => new Float32Array(bytes.buffer, 0, count) };
  const { scale, minimum } = quantisation;
  const values = (): Float32Array => {
    const result = new Float32Array(count);
    for (let index = 0; index < count; index++) result[index] = (bytes[index] as number) * scale + minimum;
    return result;
  };
  const zeroPoint = Math.round(-minimum / scale);
  // Ranges that do not hold zero have no byte for it; such weights are small and become float32.
  const exact = zeroPoint >= 0 && zeroPoint <= 255 && Math.abs(zeroPoint * scale + minimum) <= scale * 1e-4;
  return exact ? { shape, values, quantised: { bytes, scale, zeroPoint } } : { shape, values };
}

function parseManifest(path: string, text: string): Entry[] {
  let groups: unknown;
  try {
    groups = JSON.parse(text);
  } catch (error) {
    throw broken(path, "is no JSON", error);
  }
  const entries = (Array.isArray(groups) ? groups : []).flatMap((group: unknown) => field(group, "weights"));
  if (entries.length === 0) throw broken(path, "lists no weights");
  return entries.map((entry) => parseEntry(path, entry));
}

function parseEntry(path: string, entry: unknown): Entry {
  const name = field(entry, "name");
  const shape = field(entry, "shape");
  const quantisation = field(entry, "quantization");
  const shaped =
    Array.isArray(shape) &&
    shape.length <= 4 &&
    shape.every((size) => Number.isSafeInteger(size) && Number(size) > 0);
  if (typeof name !== "string" || !shaped) throw broken(path, "describes a weight without a name or shape");
  if (quantisation === undefined) {
    if (field(entry, "dtype") !== "float32")
      throw broken(path, `stores ${name} in a type that is not read here`);
    return { name, shape: shape.map(Number), quantisation: undefined };
  }
  const scale = field(quantisation, "scale");
  const minimum = field(quantisation, "min");
  const known = field(quantisation, "dtype") === "uint8";
  if (!known || typeof scale !== "number" || typeof minimum !== "number" || !(scale > 0)) {
    throw broken(path, `quantises ${name} in a way that is not read here`);
  }
  return { name, shape: shape.map(Number), quantisation: { scale, minimum } };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function broken(path: string, what: string, cause?: unknown): RfmError {
  return new RfmError(
    "checkpoint",
    `${path} ${what}; install the package @vladmandic/face-api again.`,
    ...(cause === undefined ? [] : [{ cause }]),
  );
}
