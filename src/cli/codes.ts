import { basename } from "node:path";
import { RfmError, sha256OfFile } from "../engine/files";
import type { LabelledCodes } from "../engine/labels";
import type { Model } from "../engine/models";
import { readArray, readScores } from "./arrays";
import type { Task } from "./shell";

/** The codes and scores of a label set of the model. */
export async function codesOfLabelSet(task: Task, name: string): Promise<LabelledCodes> {
  const { codesOfLabelSet: read } = await import("../engine/labels");
  const { output, signal, workshop } = task;
  return read(name, await workshop.model(), {
    signal,
    onProgress: ({ done, total }) => {
      output.progress({ phase: "map", done, total });
    },
  });
}

/**
 * Codes and scores from bare arrays: w [n,512], or w+ [n,L,512], which is w where all layers are copies of one; y [n] or
 * [n,A]. Scores may be NaN: that is the trouble of single attributes.
 *
 * @param attributes names of the columns; where there are others, columns are named by their numbers, and a single one by
 *   the file
 */
export async function codesOfArrays(
  task: Task,
  latentsPath: string,
  labelsPath: string,
  attributes: readonly string[] = [],
): Promise<LabelledCodes> {
  const { columnOf } = await import("../engine/labels");
  const latents = await readArray(latentsPath);
  const labels = await readScores(labelsPath);
  const model = await task.workshop.model();
  const codes = codesOf(latentsPath, latents.data, latents.shape, model);
  const n = codes.rows.length / codes.dimension;
  const count = labels.data.length / n;
  if (labels.shape[0] !== n || labels.shape.length > 2 || count < 1) {
    throw new RfmError(
      "usage",
      `${labelsPath} has the shape [${labels.shape.join(",")}], but ${latentsPath} holds ${n} codes; give one row of labels for each.`,
    );
  }
  const [only] = attributes.filter((name) => name !== "all");
  const single = only === undefined || attributes.length > 1 ? basename(labelsPath, ".npy") : only;
  return {
    ...codes,
    ...(model.space === "z" ? { space: model.space } : {}),
    columns: Array.from({ length: count }, (_, index) => ({
      name: count === 1 ? single : String(index),
      scores: columnOf(labels.data, index, count),
    })),
    model: { name: model.name, sha256: model.sha256 },
    labelSet: { name: basename(labelsPath), sha256: await sha256OfFile(labelsPath) },
  };
}

function codesOf(
  path: string,
  data: Float32Array,
  shape: readonly number[],
  { name, layers: own, wDimension }: Pick<Model, "name" | "layers" | "wDimension">,
): Pick<LabelledCodes, "rows" | "dimension" | "layers"> {
  const layers = shape.length === 3 ? (shape[1] ?? 0) : 1;
  if (shape.at(-1) !== wDimension || shape.length < 2 || shape.length > 3 || data.length === 0) {
    throw new RfmError(
      "usage",
      `${path} has the shape [${shape.join(",")}], but codes of ${name} have [n,${wDimension}] or [n,${own},${wDimension}]; give an array of that shape.`,
    );
  }
  if (layers === 1) return { rows: data, dimension: wDimension };
  const rows = sharedRows(data, layers, wDimension);
  if (rows !== undefined) return { rows, dimension: wDimension };
  if (layers === own) return { rows: data, dimension: layers * wDimension, layers };
  throw new RfmError(
    "usage",
    `${path} holds w+ of ${layers} differing layers, but ${name} has ${own}; choose its model by --model, or give w as [n,${wDimension}].`,
  );
}

/** w [n, dimension] where all layers of w+ [n, layers, dimension] are copies of one; else undefined. */
function sharedRows(data: Float32Array, layers: number, dimension: number): Float32Array | undefined {
  const size = layers * dimension;
  for (let at = 0; at < data.length; at++) {
    const first = at - (at % size) + (at % dimension);
    if (data[at] !== data[first]) return undefined;
  }
  const rows = new Float32Array(data.length / layers);
  for (let row = 0; row < data.length / size; row++) {
    rows.set(data.subarray(row * size, row * size + dimension), row * dimension);
  }
  return rows;
}
