import { basename } from "node:path";
import {
  documentSuffix,
  RfmError,
  sha256OfFile,
  throwIfCancelled,
  type LabelsDocument,
  type ModelReference,
  type NamedReference,
} from "../files";
import { seedsToZ } from "../latents";
import type { Model } from "../models";
import { labelSetPaths, readLabelSet } from "./labelSetFile";
import { scoreProblems } from "./scoreProblems";
import { readStoredCodes } from "./storedCodes";

/** One attribute's scores of all faces. */
export interface Column {
  readonly name: string;
  readonly group?: string;
  readonly scores: Float32Array;
  /** Where the attribute begins, if the label set says it: a number or a quantile such as q0.5. */
  readonly threshold?: number | string;
  /** One sentence where scores are NaN or infinite: nothing can be fitted to them. */
  readonly problem?: string;
}

/** Codes with the scores of their faces: what directions are fitted on. */
export interface LabelledCodes {
  /** Row-major [n, dimension]. */
  readonly rows: Float32Array;
  readonly dimension: number;
  /** Where rows are w+: `dimension` is this many layers times the columns of each. Missing for w. */
  readonly layers?: number;
  /** `z` where the model has no w; missing for w and w+. */
  readonly space?: "z";
  readonly columns: readonly Column[];
  readonly model: ModelReference;
  readonly labelSet: NamedReference;
  /** What gave the scores, where it is known. */
  readonly scorer?: NamedReference;
}

export interface ReadCodesOptions {
  readonly signal?: AbortSignal | undefined;
  /** Seeds mapped so far. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
}

/** Seeds mapped at a time: w+ of more would take much memory for rows that are thrown away. */
const CHUNK = 512;

/**
 * The codes and scores of a label set of the model; codes are w as the first layer sees it: the layers that edits touch
 * are the first ones.
 *
 * @throws RfmError("model") for a label set of another model; what {@link readLabelSet} throws.
 */
export async function codesOfLabelSet(
  name: string,
  model: Model,
  options: ReadCodesOptions = {},
): Promise<LabelledCodes> {
  const path = labelSetPaths(name).document;
  const set = await readLabelSet(name, options.signal);
  const { document, seeds, attributes, scores } = set;
  if (document.model.sha256 !== model.sha256) {
    throw new RfmError(
      "model",
      `${path} is a label set of the model ${document.model.name}, not of ${model.name}; use that model with it.`,
    );
  }
  const truncation = {
    ...(document.psi === undefined ? {} : { psi: document.psi }),
    ...(document.cutoff === undefined ? {} : { cutoff: document.cutoff }),
  };
  const problems = new Map(scoreProblems(set, path).map(({ column, message }) => [column, message]));
  const codes =
    document.seeds === undefined
      ? await storedCodes(path, document, model)
      : { rows: await firstRows(model, seeds, truncation, options), dimension: model.wDimension };
  return {
    ...codes,
    ...(model.space === "z" ? { space: model.space } : {}),
    columns: attributes.map(({ name: attribute, group, threshold }, index) => ({
      name: attribute,
      ...(group === undefined ? {} : { group }),
      ...(threshold === undefined ? {} : { threshold }),
      scores: columnOf(scores, index, attributes.length),
      ...problemOf(problems.get(index)),
    })),
    model: { name: model.name, sha256: model.sha256 },
    labelSet: { name: basename(path, documentSuffix("labels")), sha256: await sha256OfFile(path) },
    scorer: document.scorer,
  };
}

/** The codes that lie beside the scores. @throws RfmError("document") where they are not in a space of the model. */
async function storedCodes(
  path: string,
  document: LabelsDocument,
  { name, space, layers, wDimension }: Model,
): Promise<Pick<LabelledCodes, "rows" | "dimension" | "layers">> {
  const paths = labelSetPaths(path);
  if (document.space === "w+" && space === "w+") {
    const rows = await readStoredCodes(paths, document, [layers, wDimension]);
    return { rows, dimension: layers * wDimension, layers };
  }
  if ((document.space === "z") !== (space === "z") || document.space === "w+") {
    throw new RfmError(
      "document",
      `${path} holds codes in ${document.space}, but ${name} is edited in ${space}; import the label set again.`,
    );
  }
  return { rows: await readStoredCodes(paths, document, [wDimension]), dimension: wDimension };
}

function problemOf(problem: string | undefined): { problem?: string } {
  return problem === undefined ? {} : { problem };
}

/** One column of row-major scores [n, columns]. */
export function columnOf(scores: Float32Array, column: number, columns: number): Float32Array {
  return Float32Array.from(
    { length: scores.length / columns },
    (_, row) => scores[row * columns + column] ?? NaN,
  );
}

async function firstRows(
  model: Model,
  seeds: readonly number[],
  truncation: { psi?: number; cutoff?: number | null },
  { signal, onProgress }: ReadCodesOptions,
): Promise<Float32Array> {
  const { wDimension, codeSize } = model;
  const rows = new Float32Array(seeds.length * wDimension);
  for (let start = 0; start < seeds.length; start += CHUNK) {
    throwIfCancelled(signal);
    const chunk = seeds.slice(start, start + CHUNK);
    const w = await model.map(seedsToZ(chunk, model.zDimension), truncation);
    chunk.forEach((_, index) => {
      const first = w.subarray(index * codeSize, index * codeSize + wDimension);
      rows.set(first, (start + index) * wDimension);
    });
    onProgress?.({ done: start + chunk.length, total: seeds.length });
  }
  return rows;
}
