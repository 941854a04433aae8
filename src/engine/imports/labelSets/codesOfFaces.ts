import { RfmError, throwIfCancelled, type Space } from "../../files";
import { seedToZ } from "../../latents";
import type { Model } from "../../models";
import type { FileArray } from "./labelFiles";

/** What a code of one row is, where its width does not tell. */
export type RowSpace = "z" | "w";

/** The faces of a label set: as seeds, or as codes that are stored with it. */
export interface FaceCodes {
  readonly space: Space;
  /** Missing where the faces are the seeds 0, 1, ... */
  readonly codes?: { readonly data: Float32Array; readonly shape: readonly number[] };
  /** Whether codes were mapped here, truncated as the model is by default. */
  readonly truncated: boolean;
  /** Sentences. */
  readonly notes: readonly string[];
}

export interface CodesOptions {
  readonly model: Model;
  /** Faces of the label set. */
  readonly count: number;
  /** Default: told by their spread. */
  readonly rows?: RowSpace;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
}

/** Seeds are compared on these shares of the rows. */
const COMPARED = [0, 0.01, 0.3, 0.7, 1];
const SAME = 1e-6;
/** Of rows in w+: an edit touches these by default. */
const EDITED_LAYERS = 4;
const CHUNK = 512;
/** Faces that are compared with what the model makes of their z. */
const CHECKED = 8;

/**
 * The codes of a label set's faces out of the arrays that come with it: z [n,Z], w [n,D], w+ [n,L,D]. z that are those of
 * the seeds 0, 1, ... become seeds; others are mapped. w+ whose first layers are one w becomes w.
 *
 * @throws RfmError("model") where an array is no code of the model, "checkpoint" where it is not for as many faces.
 */
export async function codesOfFaces(arrays: readonly FileArray[], options: CodesOptions): Promise<FaceCodes> {
  const { model, count } = options;
  const { layers, wDimension, zDimension } = model;
  for (const { file, shape } of arrays) {
    const fits =
      shape.slice(1).join() === [layers, wDimension].filter((size) => size !== 1).join() ||
      (shape.length === 2 && (shape[1] === wDimension || shape[1] === zDimension));
    if (!fits) {
      throw new RfmError(
        "model",
        `${file} has the shape ${shape.join("x")}, which are no codes of ${model.name} ([n,${zDimension}] in z, [n,${wDimension}] in w, or [n,${layers},${wDimension}]); choose their model by --model.`,
      );
    }
    if (shape[0] !== count) {
      throw new RfmError(
        "checkpoint",
        `${file} holds ${shape[0] ?? 0} codes, but the labels are of ${count} faces; name the files that belong together.`,
      );
    }
  }
  const matrices = arrays.filter(({ shape }) => shape.length === 3);
  const flat = arrays.filter(({ shape }) => shape.length === 2);
  const kinds = await Promise.all(flat.map((array) => kindOfRows(array, options)));
  const of = (kind: RowSpace): Rows | undefined => kinds.find((found) => found.kind === kind);
  const [z, w] = [of("z"), of("w")];
  const [matrix] = matrices;
  if (model.space === "z") {
    if (z === undefined) return { space: "z", truncated: false, notes: [] };
    const seeds = areSeeds(z.data, count, zDimension);
    return {
      space: "z",
      ...(seeds ? {} : { codes: { data: finite(z), shape: [zDimension] } }),
      truncated: false,
      notes: z.notes,
    };
  }
  if (matrix !== undefined) {
    const whole = { file: matrix.file, data: await matrix.read(), kind: "w", notes: [] } as const;
    return await storedInW(finite(whole), z, options);
  }
  if (w !== undefined) {
    return {
      space: "w",
      codes: { data: finite(w), shape: [wDimension] },
      truncated: false,
      notes: [...w.notes, ...(z === undefined ? [] : await foreignZ(z, w.data, wDimension, options))],
    };
  }
  if (z === undefined) return { space: "w", truncated: true, notes: [] };
  if (areSeeds(z.data, count, zDimension)) return { space: "w", truncated: true, notes: z.notes };
  return await mapped(finite(z), z.notes, options);
}

interface Rows {
  readonly file: string;
  readonly data: Float32Array;
  readonly kind: RowSpace;
  readonly notes: readonly string[];
}

/** z or w: by the width, by what was asked for, or by the spread, which is 1 around 0 for z alone. */
async function kindOfRows(array: FileArray, { model, rows, count }: CodesOptions): Promise<Rows> {
  const { zDimension, wDimension, space } = model;
  const { file } = array;
  const data = await array.read();
  const width = array.shape[1] ?? 0;
  if (space === "z" || width !== wDimension) return { file, data, kind: "z", notes: [] };
  if (width !== zDimension) return { file, data, kind: "w", notes: [] };
  if (rows !== undefined) return { file, data, kind: rows, notes: [] };
  if (areSeeds(data, count, zDimension)) return { file, data, kind: "z", notes: [] };
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const spread = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
  const kind = Math.abs(mean) < 0.1 && Math.abs(spread - 1) < 0.1 ? "z" : "w";
  const note = `The codes in ${file} are taken for ${kind}, by their spread of ${spread.toFixed(2)} around ${mean.toFixed(2)}; say --codes ${kind === "z" ? "w" : "z"} where they are not.`;
  return { file, data, kind, notes: [note] };
}

function areSeeds(z: Float32Array, count: number, width: number): boolean {
  return COMPARED.every((share) => {
    const seed = Math.round(share * (count - 1));
    const own = seedToZ(seed, width);
    return own.every((value, i) => Math.abs(value - (z[seed * width + i] ?? NaN)) <= SAME);
  });
}

function finite({ file, data }: Pick<Rows, "file" | "data">): Float32Array {
  if (data.every(Number.isFinite)) return data;
  throw new RfmError("checkpoint", `${file} holds NaN or infinity; get the file again.`);
}

/** w+ as w, where the layers that are edited are one w; else whole. */
async function storedInW(data: Float32Array, z: Rows | undefined, options: CodesOptions): Promise<FaceCodes> {
  const { model, count } = options;
  const { layers, wDimension, codeSize } = model;
  const compared = Math.min(EDITED_LAYERS, layers) * wDimension;
  let same = true;
  for (let at = 0; same && at < data.length; at++) {
    const inside = at % codeSize;
    if (inside < compared) same = data[at] === data[at - inside + (inside % wDimension)];
  }
  const rows = new Float32Array(count * wDimension);
  for (let face = 0; face < count; face++)
    rows.set(data.subarray(face * codeSize, face * codeSize + wDimension), face * wDimension);
  const notes = z === undefined ? [] : await foreignZ(z, rows, wDimension, options);
  if (!same) return { space: "w+", codes: { data, shape: [layers, wDimension] }, truncated: false, notes };
  return { space: "w", codes: { data: rows, shape: [wDimension] }, truncated: false, notes };
}

async function mapped(z: Float32Array, notes: readonly string[], options: CodesOptions): Promise<FaceCodes> {
  const { model, count, signal, onProgress } = options;
  const { wDimension, zDimension, codeSize } = model;
  const rows = new Float32Array(count * wDimension);
  for (let start = 0; start < count; start += CHUNK) {
    throwIfCancelled(signal);
    const end = Math.min(count, start + CHUNK);
    const part = z.subarray(start * zDimension, end * zDimension);
    const w = await model.map(part, signal ? { signal } : {});
    for (let face = start; face < end; face++) {
      const at = (face - start) * codeSize;
      rows.set(w.subarray(at, at + wDimension), face * wDimension);
    }
    onProgress?.({ done: end, total: count });
  }
  return { space: "w", codes: { data: rows, shape: [wDimension] }, truncated: true, notes };
}

/**
 * A warning where w is not what the model makes of the z that come with it, at whatever truncation: the faces are another
 * model's then.
 */
async function foreignZ(
  { data: z }: Rows,
  w: Float32Array,
  wDimension: number,
  { model, count }: CodesOptions,
): Promise<string[]> {
  if (!model.hasMapping) return [];
  const faces = Math.min(CHECKED, count);
  const own = await model.map(z.slice(0, faces * model.zDimension), { psi: 1 });
  const { average, codeSize } = model;
  let [dot, length, error, size] = [0, 0, 0, 0];
  const each = (use: (given: number, mine: number) => void): void => {
    for (let face = 0; face < faces; face++) {
      for (let i = 0; i < wDimension; i++) {
        const mean = average[i] ?? 0;
        use((w[face * wDimension + i] ?? NaN) - mean, (own[face * codeSize + i] ?? NaN) - mean);
      }
    }
  };
  each((given, mine) => {
    dot += given * mine;
    length += mine * mine;
  });
  const psi = dot / length;
  each((given, mine) => {
    error += (given - psi * mine) ** 2;
    size += given * given;
  });
  if (error <= 0.05 ** 2 * size) return [];
  return [
    `The codes in w are not what ${model.name} makes of the z that come with them: they are another model's, and directions fitted to them are, too.`,
  ];
}
