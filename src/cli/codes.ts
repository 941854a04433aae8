import { basename } from "node:path";
import {
  documentSuffix,
  type ModelReference,
  type NamedReference,
  RfmError,
  sha256OfFile,
} from "../engine/files";
import { readArray } from "./arrays";
import type { Task } from "./shell";
import type { Model } from "../engine/models";

/** One attribute's scores of all faces. */
export interface Column {
  readonly name: string;
  readonly group?: string;
  readonly scores: Float32Array;
  /** Where the attribute begins, if the label set says it: a number or a quantile such as q0.5. */
  readonly threshold?: number | string;
}

/** Codes with the scores of their faces: what directions are fitted on. */
export interface LabelledCodes {
  /** Row-major [n, dimension]. */
  readonly rows: Float32Array;
  readonly dimension: number;
  readonly columns: readonly Column[];
  readonly model: ModelReference;
  readonly labelSet: NamedReference;
}

/** Seeds mapped at a time: w+ of more would take much memory for rows that are thrown away. */
const CHUNK = 512;

/** The codes and scores of a label set of the model. */
export async function codesOfLabelSet(task: Task, name: string): Promise<LabelledCodes> {
  const { labelSetPaths, readLabelSet } = await import("../engine/labels");
  const path = labelSetPaths(name).document;
  const { document, seeds, attributes, scores } = await readLabelSet(name);
  const model = await task.workshop.model();
  if (document.model.sha256 !== model.sha256) {
    throw new RfmError(
      "model",
      `${path} is a label set of the model ${document.model.name}, not of ${model.name}; name its model's folder by --model.`,
    );
  }
  const truncation = {
    ...(document.psi === undefined ? {} : { psi: document.psi }),
    ...(document.cutoff === undefined ? {} : { cutoff: document.cutoff }),
  };
  const rows = await firstRows(task, model, seeds, truncation);
  const columns = attributes.map(({ name: attribute, group, threshold }, index) => ({
    name: attribute,
    ...(group === undefined ? {} : { group }),
    ...(threshold === undefined ? {} : { threshold }),
    scores: columnOf(scores, index, attributes.length),
  }));
  return {
    rows,
    dimension: model.wDimension,
    columns,
    model: { name: model.name, sha256: model.sha256 },
    labelSet: { name: basename(path, documentSuffix("labels")), sha256: await sha256OfFile(path) },
  };
}

/** The w of seeds as the first layer sees it [n, dimension]: the layers that edits touch are the first ones. */
async function firstRows(
  { output, signal }: Task,
  model: Model,
  seeds: readonly number[],
  truncation: { psi?: number; cutoff?: number | null },
): Promise<Float32Array> {
  const { seedsToZ } = await import("../engine/latents");
  const { throwIfCancelled } = await import("../engine/files");
  const rows = new Float32Array(seeds.length * model.wDimension);
  const latentSize = model.layers * model.wDimension;
  for (let start = 0; start < seeds.length; start += CHUNK) {
    throwIfCancelled(signal);
    const chunk = seeds.slice(start, start + CHUNK);
    const w = await model.map(seedsToZ(chunk), truncation);
    for (let index = 0; index < chunk.length; index++) {
      const first = w.subarray(index * latentSize, index * latentSize + model.wDimension);
      rows.set(first, (start + index) * model.wDimension);
    }
    output.progress({ phase: "map", done: start + chunk.length, total: seeds.length });
  }
  return rows;
}

function columnOf(scores: Float32Array, column: number, columns: number): Float32Array {
  return Float32Array.from(
    { length: scores.length / columns },
    (_, row) => scores[row * columns + column] ?? 0,
  );
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
