import { RfmError, sha256 } from "../files";
import { TorchRandom } from "../networks";
import { adaptModel, gradient, GraphBuilder, readModel, reduceMean, square, type Adaptation } from "../onnx";
import type { Runtime } from "../runtime";
import type { ImportRecord, PackAlignment } from "./manifest";
import { openPack, type ModelPack } from "./openPack";
import { refuseForeignFolder, replaceFolder } from "./packFolder";
import { seedAverage } from "./seedAverage";
import { BATCH, writePack } from "./writePack";

/** One ONNX file of a generator: its bytes, and the sizes of what it takes and gives, without the leading axis. */
interface OnnxPart {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly input: { readonly name: string; readonly sizes: readonly number[] };
  readonly output: { readonly name: string; readonly sizes: readonly number[] };
}

/** A generator of somebody's own. */
export interface OnnxGenerator {
  /** A code to a picture [3,S,S]. */
  readonly synthesis: OnnxPart;
  /** z to w, or to w+ whose rows are one w. */
  readonly mapping?: OnnxPart;
  /** `z`: the code is edited as it is; `w`: one w for every layer, or w+ of several rows. */
  readonly space: "z" | "w";
  /** Numbers that are black and white in its pictures. */
  readonly range: readonly [black: number, white: number];
}

export interface OnnxGeneratorOptions {
  readonly name: string;
  readonly title: string;
  readonly alignment: PackAlignment;
  readonly licence: string;
  readonly files: ImportRecord["files"];
  readonly runtime: Runtime;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
}

/** Two computations of one row may differ so much: other batch sizes sum in other orders. */
const SAME = 1e-3;
/** Pictures beyond these are of another range. */
const BEYOND = 3;

/**
 * Writes a generator in ONNX as a pack: its operators stay as they are, its input and output become a pack's. Whether it takes
 * several rows at once is tried out, as is what it draws. Needs no operator to be known; where all are, faces can be
 * inverted with it by gradients, and where not, the pack's notes say which is in the way.
 *
 * @throws RfmError("model") where it draws no pictures, "file" where the folder is something else.
 */
export async function importOnnxGenerator(
  folder: string,
  generator: OnnxGenerator,
  options: OnnxGeneratorOptions,
): Promise<ModelPack> {
  await refuseForeignFolder(folder);
  const { runtime, signal, onProgress, name, title, alignment, licence, files } = options;
  const { synthesis, mapping, space, range } = generator;
  const shape = shapeOf(generator);
  const bytes = {
    synthesis: adaptModel(synthesis.bytes, synthesis.file, synthesisAdaptation(generator)),
    ...(mapping && { mapping: adaptModel(mapping.bytes, mapping.file, mappingAdaptation(mapping)) }),
  };
  const trial = new Trial(runtime, signal);
  const z = trial.rows(shape.zDimension);
  const w = bytes.mapping === undefined ? undefined : await trial.run(mapping, bytes.mapping, "z", z);
  const codes = w === undefined ? trial.rows(shape.codeSize) : repeatedRows(w.values, shape.layers);
  const pictures = await trial.run(synthesis, bytes.synthesis, "w", codes);
  if (mapping !== undefined) await refuseDifferentRows(trial, mapping, z);
  const largestBatch = pictures.takesMany && w?.takesMany !== false ? undefined : 1;
  const average =
    bytes.mapping === undefined
      ? new Float32Array(shape.wDimension)
      : await seedAverage(bytes.mapping, {
          runtime,
          ...shape,
          ...(largestBatch && { largestBatch }),
          signal,
          onProgress,
        });
  const missing = [
    ...(mapping === undefined && space === "w"
      ? ["There is no mapping network: seeds give nothing, and editing w works."]
      : []),
    ...(largestBatch === 1 ? ["It takes one code at a time, so that label sets take longer."] : []),
    ...rangeNotes(pictures.values, range),
    ...derivativeNotes(bytes.synthesis),
  ];
  const identity = sha256(
    JSON.stringify([sha256(synthesis.bytes), mapping && sha256(mapping.bytes), space, range]),
  );
  await replaceFolder(folder, async (fresh) => {
    await writePack(fresh, {
      graphs: { ...bytes, noise: [], space: space === "z" ? "z" : "w+", ...shape },
      average,
      about: {
        name,
        title,
        architecture: "onnx",
        sha256: identity,
        ...(largestBatch && { largestBatch }),
        psi: { default: 1, cutoff: null },
        alignment,
        licence,
        imported: { layout: "ONNX", files, missing },
      },
      key: sha256(JSON.stringify([identity, files])),
    });
  });
  return await openPack(folder);
}

interface Shape {
  readonly resolution: number;
  readonly layers: number;
  readonly wDimension: number;
  readonly zDimension: number;
  readonly codeSize: number;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

function shapeOf({ synthesis, mapping, space }: OnnxGenerator): Shape {
  const [, resolution = 0] = synthesis.output.sizes;
  const sizes = synthesis.input.sizes;
  const layers = space === "w" && sizes.length === 2 ? (sizes[0] ?? 1) : 1;
  const codeSize = product(sizes);
  const wDimension = codeSize / layers;
  if (mapping !== undefined && mapping.output.sizes.at(-1) !== wDimension) {
    throw new RfmError(
      "model",
      `${mapping.file} gives ${mapping.output.sizes.join("x")}, but ${synthesis.file} takes ${sizes.join("x")}; name the two files of one generator.`,
    );
  }
  const zDimension = mapping === undefined ? wDimension : product(mapping.input.sizes);
  return { resolution, layers, wDimension, zDimension, codeSize };
}

/** w [N,L,D] -> x [N,3,S,S] about [-1,1]. */
function synthesisAdaptation(generator: OnnxGenerator): Adaptation {
  const { synthesis, range } = generator;
  const { layers, wDimension } = shapeOf(generator);
  const [black, white] = range;
  const scale = 2 / (white - black);
  return {
    input: {
      name: synthesis.input.name,
      as: "w",
      outside: [layers, wDimension],
      inside: synthesis.input.sizes,
    },
    output: {
      name: synthesis.output.name,
      as: "x",
      outside: synthesis.output.sizes,
      scale,
      shift: -1 - black * scale,
    },
    batch: BATCH,
  };
}

/** z [N,Z] -> w [N,D]. */
function mappingAdaptation({ input, output }: OnnxPart): Adaptation {
  return {
    input: { name: input.name, as: "z", outside: [product(input.sizes)], inside: input.sizes },
    output: {
      name: output.name,
      as: "w",
      outside: output.sizes.slice(-1),
      firstRow: output.sizes.length === 2,
    },
    batch: BATCH,
  };
}

/** Rows that graphs are tried on. */
const ROWS = 2;

/** Runs graphs on the rows of two seeds, both at once and one by one. */
class Trial {
  constructor(
    private readonly runtime: Runtime,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Two rows of normal numbers. */
  rows(width: number): Float32Array {
    const rows = new Float32Array(ROWS * width);
    for (let row = 0; row < ROWS; row++) rows.set(new TorchRandom(row).normals(width), row * width);
    return rows;
  }

  /** @throws RfmError("model") where it computes nothing, or what is no number. */
  async run(
    part: Pick<OnnxPart, "file"> | undefined,
    bytes: Uint8Array,
    input: string,
    rows: Float32Array,
  ): Promise<{ values: Float32Array; takesMany: boolean }> {
    const width = rows.length / ROWS;
    const single: Float32Array[] = [];
    for (let row = 0; row < ROWS; row++)
      single.push(await this.#once(bytes, input, rows.slice(row * width, (row + 1) * width), 1));
    const size = single[0]?.length ?? 0;
    const values = new Float32Array(ROWS * size);
    single.forEach((value, row) => {
      values.set(value, row * size);
    });
    if (!values.every(Number.isFinite))
      throw new RfmError("model", `${part?.file ?? "The model"} computes NaN or infinity; export it again.`);
    const together = await this.#once(bytes, input, rows, ROWS).catch((error: unknown) => {
      if (error instanceof RfmError && error.code === "graph") return undefined;
      throw error;
    });
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const takesMany = values.every(
      (value, i) => Math.abs(value - (together?.[i] ?? NaN)) <= SAME * (1 + largest),
    );
    return { values, takesMany };
  }

  async #once(bytes: Uint8Array, input: string, rows: Float32Array, batch: number): Promise<Float32Array> {
    const session = await this.runtime.compile(bytes, {
      name: "the imported model",
      symbols: { [BATCH]: batch },
      arena: false,
    });
    try {
      const [output] = Object.values(await session.run({ [input]: rows }, this.signal));
      return output?.slice() ?? new Float32Array(0);
    } finally {
      await session.release();
    }
  }
}

/** A mapping may give w+; its rows must be one w, for that is what seeds give here. */
async function refuseDifferentRows(trial: Trial, mapping: OnnxPart, z: Float32Array): Promise<void> {
  const { sizes, name } = mapping.output;
  const [layers = 1, width = 1] = sizes;
  if (sizes.length !== 2) return;
  const whole = adaptModel(mapping.bytes, mapping.file, {
    ...mappingAdaptation(mapping),
    output: { name, as: "w", outside: sizes },
  });
  const { values } = await trial.run(mapping, whole, "z", z);
  const same = values.every((value, i) => {
    const inside = i % (layers * width);
    return Math.abs(value - (values[i - inside + (inside % width)] ?? NaN)) <= SAME;
  });
  if (same) return;
  throw new RfmError(
    "model",
    `${mapping.file} maps z to ${layers} different rows; export it without truncation, so that they are one w.`,
  );
}

function repeatedRows(w: Float32Array, layers: number): Float32Array {
  const width = w.length / ROWS;
  return Float32Array.from({ length: w.length * layers }, (_, i) => {
    const row = Math.floor(i / (width * layers));
    return w[row * width + (i % width)] ?? 0;
  });
}

function rangeNotes(pictures: Float32Array, [black, white]: readonly [number, number]): string[] {
  const [least, most] = pictures.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
  const given = (value: number): string => (black + ((value + 1) / 2) * (white - black)).toPrecision(3);
  const isOff = least < -BEYOND || most > BEYOND || least >= -1e-6 || most - least < 0.02;
  if (!isOff) return [];
  return [
    `The pictures of two seeds go from ${given(least)} to ${given(most)}, which is unusual for the range ${black}:${white}; name another by --range where it is wrong.`,
  ];
}

/** Tells which operator keeps faces from being inverted; nothing where all have derivatives. */
function derivativeNotes(synthesis: Uint8Array): string[] {
  try {
    const builder = GraphBuilder.from({ ...readModel(synthesis, { [BATCH]: 1 }), outputs: [] });
    builder.output("loss", reduceMean(square(builder.value("x")), undefined, false));
    gradient(builder.build(), "loss", ["w"]);
    return [];
  } catch (error) {
    if (!(error instanceof RfmError)) throw error;
    return [`Faces cannot be inverted with it, only drawn, labelled and edited: ${error.message}`];
  }
}
