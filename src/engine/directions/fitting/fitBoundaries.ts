import { RfmError } from "../../files";
import type { Runtime } from "../../runtime";
import { Curvature } from "./curvature";
import { HingeLoss } from "./hingeLoss";
import { LayerSpread, mapLayers, offsetOf, type LayerMap } from "./layers";
import { lossOf } from "./lossOf";
import { PlainProducts, type Products } from "./products";
import { RuntimeProducts } from "./runtimeProducts";
import { solve } from "./solve";
import type { BoundaryFit, BoundaryPenalty, Target } from "./target";
import { MarginTask, Task } from "./task";

export interface BoundaryOptions {
  /** Default l1. */
  readonly penalty?: BoundaryPenalty;
  /** Cost of a misfit against the penalty, as in scikit-learn; default 1. */
  readonly C?: number;
  /** `balanced` makes both classes weigh the same in total: n / (2 * count of the class). */
  readonly classWeight?: "balanced" | null;
  /** Relative duality gap to stop at; default 1e-6. */
  readonly tolerance?: number;
  /** Steps per target; default 500. */
  readonly maximumIterations?: number;
  /** Layers of w+ codes; default: one per 512 columns. */
  readonly layers?: number;
  /** Whether steps with l1 leave columns out that will not move (default true). It changes the time, not the result. */
  readonly screening?: boolean;
  /** Where to start: coefficients of earlier fits, in the order of the targets. */
  readonly start?: readonly (Float64Array | undefined)[];
  /** Multiplies the matrices; plain loops where it is missing. */
  readonly runtime?: Runtime | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Columns of codes that are no copies of one w: the Hessian of more would not fit. */
const MOST_COLUMNS = 4096;
const USUAL_WIDTH = 512;
/** Targets are fitted together as far as their scores take no more than half of the codes' memory. */
const COLUMNS_PER_TARGET = 12;

/**
 * Fits one boundary per target to the same codes, all at once, each to its optimum:
 *
 * - classes, `l1`, `l2`: penalty(w) + sum_i c_i * log(1 + exp(-y_i (x_i.w + b))), c_i = C times the class weight;
 *   scikit-learn's LogisticRegression with an intercept that is not penalised;
 * - classes, `svm`: ||w||^2 / 2 + sum_i c_i * max(0, 1 - y_i (x_i.w + b)); scikit-learn's SVC(kernel="linear");
 * - values, `l1`, `l2`: penalty(w) + C / 2 * sum_i (x_i.w + b - v_i)^2; scikit-learn's Lasso with alpha = 1 / (C n), its
 *   Ridge with alpha = 1 / C.
 *
 * Steps are those of a proximal quasi-Newton method with a line search on the true objective. Codes of a generator are
 * badly conditioned (1e4): first-order steps on the rows would need thousands of passes. It ends when the duality gap,
 * computed in float64 from the codes, is small enough.
 *
 * Layers of w+ that are one w each, up to scale and offset, are fitted in w and mapped back exactly.
 *
 * @param rows codes, row-major [n, dimension]; never copied, so do not change them meanwhile
 * @returns in the order of the targets: the boundary, or why this one target has none
 * @throws RfmError("usage") where the codes themselves cannot be used; CancelledError.
 */
export async function fitBoundaries(
  rows: Float32Array,
  dimension: number,
  targets: readonly Target[],
  options: BoundaryOptions = {},
): Promise<readonly (BoundaryFit | RfmError)[]> {
  return withFitter(rows, dimension, options, (fit) => fit(targets, options));
}

/** {@link fitBoundaries} to codes that are prepared. */
export type Fit = (
  targets: readonly Target[],
  options: BoundaryOptions,
) => Promise<readonly (BoundaryFit | RfmError)[]>;

/** Prepares what fits to the same codes share: compiled products, the common Hessian, the map of layers. */
export async function withFitter<T>(
  rows: Float32Array,
  dimension: number,
  { runtime, layers }: Pick<BoundaryOptions, "runtime" | "layers">,
  use: (fit: Fit) => Promise<T>,
): Promise<T> {
  check(rows, dimension);
  const usual = dimension % USUAL_WIDTH === 0 ? dimension / USUAL_WIDTH : 1;
  const map = mapLayers(rows, dimension, layers ?? usual);
  const d = map?.d ?? dimension;
  if (d > MOST_COLUMNS) {
    throw new RfmError(
      "usage",
      `The codes have ${d} independent columns, but at most ${MOST_COLUMNS} can be fitted; fit fewer layers, or codes made from seeds.`,
    );
  }
  const n = rows.length / dimension;
  const own = map?.rows ?? rows;
  const products: Products =
    runtime === undefined ? new PlainProducts(own, n, d) : new RuntimeProducts(runtime, own, n, d);
  const curvature = new Curvature(products);
  try {
    return await use((targets, options) =>
      map === undefined
        ? fitInGroups(curvature, targets, options)
        : fitInLayers(rows, dimension, map, curvature, targets, options),
    );
  } finally {
    await products.release();
  }
}

function check(rows: Float32Array, dimension: number): void {
  if (!(dimension >= 1) || rows.length === 0 || rows.length % dimension !== 0) {
    throw new RfmError(
      "usage",
      `${rows.length} numbers are no codes of ${dimension}; give codes of shape [n,${dimension}].`,
    );
  }
  // By index: an iterator over millions of numbers takes a third of a second.
  for (let at = 0; at < rows.length; at++) {
    if (!Number.isFinite(rows[at])) {
      throw new RfmError("usage", "The codes hold NaN or infinity; label those faces again.");
    }
  }
}

async function fitInLayers(
  rows: Float32Array,
  dimension: number,
  { scales }: LayerMap,
  curvature: Curvature,
  targets: readonly Target[],
  options: BoundaryOptions,
): Promise<readonly (BoundaryFit | RfmError)[]> {
  const spread = new LayerSpread(scales, options.penalty ?? "l1");
  const fits = await fitInGroups(curvature, targets, {
    ...options,
    C: (options.C ?? 1) * spread.cheaper,
    ...(options.start === undefined
      ? {}
      : { start: options.start.map((all) => (all === undefined ? all : spread.gather(all, scales))) }),
  });
  return fits.map((fit) => {
    if (fit instanceof RfmError) return fit;
    const weights = spread.spread(fit.weights);
    return {
      ...fit,
      weights,
      intercept: fit.intercept - offsetOf(rows, dimension, scales, weights),
      objective: fit.objective / spread.cheaper,
    };
  });
}

async function fitInGroups(
  curvature: Curvature,
  targets: readonly Target[],
  options: BoundaryOptions,
): Promise<(BoundaryFit | RfmError)[]> {
  const { tolerance = 1e-6, maximumIterations = 500, signal, onProgress } = options;
  const width = Math.max(1, Math.floor(curvature.products.d / COLUMNS_PER_TARGET));
  const results: (BoundaryFit | RfmError)[] = [];
  for (let first = 0; first < targets.length; first += width) {
    const tasks = targets
      .slice(first, first + width)
      .map((target, index) => taskOf(target, curvature.products, options, options.start?.[first + index]));
    const sound = tasks.filter((task): task is Task => !(task instanceof RfmError));
    const before = results.length;
    const fits = await solve(sound, curvature, {
      tolerance,
      maximumIterations,
      signal,
      onProgress: (done) => onProgress?.(before + done, targets.length),
    });
    results.push(
      ...tasks.map((task) => (task instanceof RfmError ? task : (fits[sound.indexOf(task)] ?? missing()))),
    );
  }
  return results;
}

function missing(): RfmError {
  return new RfmError("engine", "A target came back without a fit.");
}

function taskOf(
  target: Target,
  { n, d }: Products,
  { penalty = "l1", C = 1, classWeight = null, screening = true }: BoundaryOptions,
  start: Float64Array | undefined,
): Task | RfmError {
  try {
    const loss = lossOf(target, n, { penalty, C, classWeight });
    if (loss instanceof HingeLoss) return new MarginTask(loss, d, start);
    return new Task(loss, d, {
      sparse: penalty === "l1",
      screening,
      ...(start === undefined ? {} : { start }),
    });
  } catch (error) {
    if (error instanceof RfmError) return error;
    throw error;
  }
}
