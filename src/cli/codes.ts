import { basename } from "node:path";
import { RfmError, sha256OfFile } from "../engine/files";
import type { LabelledCodes } from "../engine/labels";
import { readArray } from "./arrays";
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
 * Codes and scores from bare arrays: w [n,512], or [n,L,512] whose layers are copies of one w; y [n] or [n,A].
 *
 * @param attribute the name of a single column; several columns are named by their numbers.
 */
export async function codesOfArrays(
  task: Task,
  latentsPath: string,
  labelsPath: string,
  attribute: string | undefined,
): Promise<LabelledCodes> {
  const { columnOf } = await import("../engine/labels");
  const latents = await readArray(latentsPath);
  const labels = await readArray(labelsPath);
  const model = await task.workshop.model();
  const rows = plainRows(latentsPath, latents.data, latents.shape, model.wDimension);
  const n = rows.length / model.wDimension;
  const count = labels.data.length / n;
  if (labels.shape[0] !== n || labels.shape.length > 2 || count < 1) {
    throw new RfmError(
      "usage",
      `${labelsPath} has the shape [${labels.shape.join(",")}], but ${latentsPath} holds ${n} codes; give one row of labels for each.`,
    );
  }
  const single = attribute === undefined || attribute === "all" ? basename(labelsPath, ".npy") : attribute;
  return {
    rows,
    dimension: model.wDimension,
    columns: Array.from({ length: count }, (_, index) => ({
      name: count === 1 ? single : String(index),
      scores: columnOf(labels.data, index, count),
    })),
    model: { name: model.name, sha256: model.sha256 },
    labelSet: { name: basename(labelsPath), sha256: await sha256OfFile(labelsPath) },
  };
}

function plainRows(
  path: string,
  data: Float32Array,
  shape: readonly number[],
  dimension: number,
): Float32Array {
  const layers = shape.length === 3 ? (shape[1] ?? 0) : 1;
  if (shape.at(-1) !== dimension || shape.length < 2 || shape.length > 3 || data.length === 0) {
    throw new RfmError(
      "usage",
      `${path} has the shape [${shape.join(",")}], but codes have [n,${dimension}]; give an array of that shape.`,
    );
  }
  if (layers === 1) return data;
  const n = data.length / (layers * dimension);
  const rows = new Float32Array(n * dimension);
  for (let index = 0; index < n; index++) {
    const first = data.subarray(index * layers * dimension, (index * layers + 1) * dimension);
    for (let layer = 1; layer < layers; layer++) {
      const start = (index * layers + layer) * dimension;
      if (!first.every((value, at) => value === data[start + at])) {
        throw new RfmError(
          "usage",
          `${path} holds w+ whose layers differ, but directions are fitted in w; give the codes as [n,${dimension}].`,
        );
      }
    }
    rows.set(first, index * dimension);
  }
  return rows;
}
