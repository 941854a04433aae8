import { RfmError, type LayerRange } from "../../files";
import { seededRows } from "../../latents";
import type { Model } from "../../models";
import type { Component, Discovery, DiscoveryMethod } from "./components";
import { Scatter } from "./scatter";
import { styleScatter } from "./sefa";
import { symmetricEigen, type EigenSystem } from "./symmetricEigen";

/** What to look for. */
export interface DiscoverChoices {
  readonly method: DiscoveryMethod;
  /** Of w+: whose weights SeFa decomposes, and which edits should touch; all by default. */
  readonly layers?: LayerRange;
  /** Components, by falling eigenvalue; default 10, or as many as there are. */
  readonly count?: number;
  /** Seeded codes: default {@link DEFAULT_SAMPLES}. */
  readonly samples?: number;
  /** The first seed of the samples; default 0. */
  readonly seed?: number;
}

/** How work tells of itself and is stopped. */
export interface DiscoveryTools {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DiscoveryProgress) => void) | undefined;
}

export interface DiscoveryProgress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
}

/** PCA analyses so many codes; SeFa's sigma is measured on so many. */
export const DEFAULT_SAMPLES: Readonly<Record<DiscoveryMethod, number>> = { pca: 20_000, sefa: 2_000 };

const DEFAULT_COUNT = 10;
/** More would take days to map. */
const MAXIMUM_SAMPLES = 10_000_000;

/**
 * Finds directions in w without labels, one of two ways: SeFa, the eigenvectors of the style weights' A^T A
 * ({@link styleScatter}), or the principal components of seeded w (GANSpace: Härkönen et al. 2020). The codes are those of
 * label sets: truncated as the model is by default, as its first layer sees them.
 *
 * @throws RfmError("usage") for layers, counts or samples that the model has not; RfmError("model") for a model without
 * styles; CancelledError
 */
export async function discover(
  model: Model,
  choices: DiscoverChoices,
  tools: DiscoveryTools = {},
): Promise<Discovery> {
  const { method, layers = [0, model.layers], samples = DEFAULT_SAMPLES[method] } = choices;
  checkLayers(model, layers);
  if (!(Number.isInteger(samples) && samples >= 2 && samples <= MAXIMUM_SAMPLES)) {
    throw new RfmError(
      "usage",
      `${samples} samples cannot be analysed; take a whole number from 2 to ${MAXIMUM_SAMPLES}.`,
    );
  }
  const seeds = Array.from({ length: samples }, (_, i) => (choices.seed ?? 0) + i);
  const find = method === "sefa" ? sefa : pca;
  return { method, layers, samples, components: await find(model, layers, choices.count, seeds, tools) };
}

function checkLayers({ name, layers }: Model, [start, end]: LayerRange): void {
  if (Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end && end <= layers) return;
  throw new RfmError(
    "usage",
    `The layers ${start}:${end} are not in the model ${name}, which has 0:${layers}; choose layers inside.`,
  );
}

/**
 * How many components: those asked for, where there are so many.
 * @param rows that are decomposed, which span no more dimensions than they are
 */
function checkedCount(
  { name, wDimension }: Model,
  wanted: number | undefined,
  rows: number,
  what: string,
): number {
  const most = Math.min(wDimension, rows);
  const count = wanted ?? Math.min(DEFAULT_COUNT, most);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  const reason = most < wDimension ? what : `w of the model ${name}`;
  throw new RfmError(
    "usage",
    `${count} components cannot be found, for ${reason} has ${most}; ask for 1 to ${most}.`,
  );
}

async function sefa(
  model: Model,
  layers: LayerRange,
  wanted: number | undefined,
  seeds: readonly number[],
  { signal, onProgress }: DiscoveryTools,
): Promise<Component[]> {
  const { wDimension } = model;
  onProgress?.({ phase: "read weights", done: 0, total: 0 });
  const scatter = styleScatter(await model.styleWeights(), layers, wDimension);
  const count = checkedCount(model, wanted, scatter.count, `the style of the layers ${layers.join(":")}`);
  const found = strongest(model, scatter.sum(), count);
  const [sums, squares] = [new Float64Array(count), new Float64Array(count)];
  let done = 0;
  for await (const { rows } of seededRows(model, seeds, {}, signal)) {
    found.forEach(({ vector }, k) => {
      for (let start = 0; start < rows.length; start += wDimension) {
        let dot = 0;
        for (let j = 0; j < wDimension; j++) dot += (rows[start + j] as number) * (vector[j] as number);
        sums[k] = (sums[k] as number) + dot;
        squares[k] = (squares[k] as number) + dot * dot;
      }
    });
    done += rows.length / wDimension;
    onProgress?.({ phase: "measure sigma", done, total: seeds.length });
  }
  return found.map((component, k) => {
    const mean = (sums[k] as number) / seeds.length;
    const sigma = Math.sqrt(Math.max(0, (squares[k] as number) / seeds.length - mean * mean));
    return { ...component, sigma };
  });
}

async function pca(
  model: Model,
  _layers: LayerRange,
  wanted: number | undefined,
  seeds: readonly number[],
  { signal, onProgress }: DiscoveryTools,
): Promise<Component[]> {
  const { wDimension } = model;
  // n codes span n - 1 dimensions about their mean.
  const count = checkedCount(model, wanted, seeds.length - 1, `a set of ${seeds.length} samples`);
  const scatter = new Scatter(wDimension);
  // Nearly centred already, so that the sums of squares lose no digits.
  const average = model.average.subarray(0, wDimension);
  for await (const { rows } of seededRows(model, seeds, {}, signal)) {
    for (let start = 0; start < rows.length; start += wDimension) scatter.add(rows, start, average);
    onProgress?.({ phase: "analyse codes", done: scatter.count, total: seeds.length });
  }
  return strongest(model, scatter.covariance(), count).map((component) => ({
    ...component,
    sigma: Math.sqrt(component.value),
  }));
}

/** The eigenvectors of largest value of a matrix whose values are not negative. */
function strongest(model: Model, matrix: Float64Array, count: number): Omit<Component, "sigma">[] {
  const { values, vectors } = eigenSystem(model, matrix);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  return Array.from({ length: count }, (_, k) => {
    const value = Math.max(0, values[k] as number);
    const vector = vectors.slice(k * model.wDimension, (k + 1) * model.wDimension);
    return { vector, value, share: total === 0 ? 0 : value / total };
  });
}

function eigenSystem({ name, wDimension }: Model, matrix: Float64Array): EigenSystem {
  if (!matrix.every(Number.isFinite)) {
    throw new RfmError(
      "model",
      `The model ${name} has weights that are NaN or infinite; get the model pack again.`,
    );
  }
  return symmetricEigen(matrix, wDimension);
}
