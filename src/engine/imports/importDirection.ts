import { basename } from "node:path";
import { openCheckpoint, toFloat32 } from "../checkpoints";
import { sigmaAlong } from "../directions";
import { RfmError, type DirectionDocument, type LayerRange, type RunBlock } from "../files";
import { seededRows } from "../latents";
import type { Model } from "../models";
import { onlyTensor } from "./contents";

/** Seeds that sigma is measured on where a direction comes without. */
const SIGMA_SEEDS = 2_000;
/** RFM's layers. */
const DEFAULT_LAYERS: LayerRange = [0, 4];

export interface ImportDirectionOptions {
  readonly model: Model;
  /** Default: from the file's name. */
  readonly attribute?: string;
  readonly run: RunBlock;
  readonly signal?: AbortSignal | undefined;
}

/** A published direction as a document, with what its user should know. */
export interface ImportedDirection {
  readonly document: DirectionDocument;
  /** Sentences. */
  readonly notes: readonly string[];
}

/**
 * A direction of any repository: RFM's [1,L*D], Puzer's [L,D], InterFaceGAN's and e4e's [1,D] or [D]; `.npy`, `.pt` or any
 * other array. The vector becomes a unit one, its length is kept as coefficientNorm, and sigma is measured on seeds.
 *
 * @throws RfmError("checkpoint") where it is no single array, "model" where its shape is not the model's.
 */
export async function importDirection(
  path: string,
  options: ImportDirectionOptions,
): Promise<ImportedDirection> {
  const { model, run, signal } = options;
  const { layers, wDimension, space } = model;
  const tensor = onlyTensor(await openCheckpoint(path));
  const values = toFloat32(await tensor.read());
  const isRow = values.length === wDimension;
  if (!isRow && values.length !== layers * wDimension) {
    throw new RfmError(
      "model",
      `${path} has the shape ${tensor.shape.join("x")}, which is no direction of ${model.name} (${wDimension}, or ${layers}x${wDimension}); choose its own model by --model.`,
    );
  }
  const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  if (!(norm > 0) || !Number.isFinite(norm))
    throw new RfmError("checkpoint", `${path} is no direction: its length is ${norm}; get the file again.`);
  const vector = values.map((value) => value / norm);
  const rows = Array.from({ length: isRow ? 1 : layers }, (_, layer) =>
    vector.subarray(layer * wDimension, (layer + 1) * wDimension),
  );
  const touched = rows.flatMap((row, layer) => (row.some((value) => value !== 0) ? [layer] : []));
  const wanted: LayerRange = [0, Math.min(DEFAULT_LAYERS[1], layers)];
  const isSilent = !isRow && !touched.some((layer) => layer < wanted[1]);
  const chosen: LayerRange = isSilent ? [touched[0] ?? 0, (touched.at(-1) ?? 0) + 1] : wanted;
  const sigma = await sigmaOf(model, rows, signal);
  const document: DirectionDocument = {
    kind: "direction",
    version: 1,
    attribute: options.attribute ?? basename(path).replace(/\.(?:npy|npz|pt|pth|pkl|json)$/i, ""),
    group: "imported",
    model: { name: model.name, sha256: model.sha256 },
    space: space === "z" ? "z" : isRow ? "w" : "w+",
    shape: isRow ? [wDimension] : [layers, wDimension],
    vector: isRow ? Array.from(vector) : rows.map((row) => Array.from(row)),
    coefficientNorm: norm,
    ...(sigma === undefined ? {} : { sigma }),
    layers: chosen,
    run,
  };
  const notes = [
    ...(isSilent
      ? [
          `${path} is zero on the layers ${wanted.join(":")} that edits touch by default; ${chosen.join(":")}, where it is not, are recommended instead.`,
        ]
      : []),
    ...(sigma === undefined
      ? [`${model.name} has no mapping network to measure sigma on: amounts are in lengths of the vector.`]
      : []),
  ];
  return { document, notes };
}

/** Standard deviation of seeded codes along the vector, all its rows together; undefined without a mapping network. */
async function sigmaOf(
  model: Model,
  rows: readonly Float32Array[],
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  if (!model.hasMapping) return undefined;
  const seeds = Array.from({ length: SIGMA_SEEDS }, (_, seed) => seed);
  const codes = new Float32Array(SIGMA_SEEDS * model.wDimension);
  let done = 0;
  for await (const part of seededRows(model, seeds, {}, signal)) {
    codes.set(part.rows, done);
    done += part.rows.length;
  }
  // One w stands for every layer: its coordinate along a w+ vector is that along the sum of the rows.
  const sum = new Float32Array(model.wDimension);
  for (const row of rows) row.forEach((value, i) => (sum[i] = (sum[i] ?? 0) + value));
  return sigmaAlong(codes, model.wDimension, sum) || undefined;
}
