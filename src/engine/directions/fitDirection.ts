import { RfmError } from "../files";
import { fitLogistic, type LogisticOptions } from "./fitting/fitLogistic";
import type { LogisticProblem } from "./fitting/logisticProblem";
import { shuffledIndices } from "./quality/random";
import { separation, sigmaAlong, type Separation } from "./quality/statistics";

export interface FitOptions extends LogisticOptions {
  /** Cost of a misfit against the penalty, as in scikit-learn; default 1. */
  readonly C?: number;
  /** `balanced` makes both classes weigh the same in total: n / (2 * count of the class). */
  readonly classWeight?: "balanced" | null;
  /** Rows to train on, the others test; default four fifths. */
  readonly train?: number;
  /** Seed of the split; default 0. */
  readonly seed?: number;
}

/** A fitted boundary between two classes of codes, as a unit vector with its statistics. */
export interface DirectionFit {
  /** Unit length; points towards the positive class. */
  readonly vector: Float32Array;
  /** The coefficients are vector * coefficientNorm. */
  readonly coefficientNorm: number;
  readonly intercept: number;
  /** Standard deviation of all rows along the vector. */
  readonly sigma: number;
  readonly solver: {
    readonly penalty: string;
    readonly C: number;
    readonly classWeight: "balanced" | null;
    readonly iterations: number;
    readonly objective: number;
    readonly gap: number;
  };
  readonly samples: { readonly train: number; readonly positive: number; readonly test: number };
  readonly train: Separation;
  /** On rows that took no part in training; missing where there are none. */
  readonly test?: Separation;
}

/**
 * Fits one direction by logistic regression.
 *
 * @param rows codes, row-major [n, dimension]
 * @param labels n labels
 * @throws RfmError("usage") where the sizes differ, a number is not finite, or one class has no examples to train on.
 */
export async function fitDirection(
  rows: Float32Array,
  dimension: number,
  labels: readonly boolean[],
  options: FitOptions = {},
): Promise<DirectionFit> {
  const { C = 1, classWeight = null, seed = 0 } = options;
  const n = labels.length;
  check(rows, dimension, n);
  const train = options.train ?? Math.ceil(n * 0.8);
  if (!(train >= 2 && train <= n)) {
    throw new RfmError(
      "usage",
      `Training on ${train} of ${n} labels is impossible; train on 2 to ${n} of them.`,
    );
  }
  const order = shuffledIndices(n, seed);
  const problem = trainingProblem(rows, dimension, labels, order.subarray(0, train), C, classWeight);
  const fit = await fitLogistic(problem, options);

  const norm = Math.sqrt(fit.weights.reduce((sum, w) => sum + w * w, 0));
  if (norm === 0) {
    throw new RfmError(
      "usage",
      `At C = ${C} every coefficient is zero, so there is no direction; raise C or label more faces.`,
    );
  }
  const vector = Float32Array.from(fit.weights, (w) => w / norm);
  const judge = (indices: Int32Array): Separation =>
    separation(
      Float64Array.from(indices, (row) => decision(rows, dimension, row, fit.weights, fit.intercept)),
      Array.from(indices, (row) => labels[row] === true),
    );
  return {
    vector,
    coefficientNorm: norm,
    intercept: fit.intercept,
    sigma: sigmaAlong(rows, dimension, vector),
    solver: {
      penalty: options.penalty ?? "l1",
      C,
      classWeight,
      iterations: fit.iterations,
      objective: fit.objective,
      gap: fit.gap,
    },
    samples: { train, positive: labels.filter(Boolean).length, test: n - train },
    train: judge(order.subarray(0, train)),
    ...(train < n ? { test: judge(order.subarray(train)) } : {}),
  };
}

function check(rows: Float32Array, dimension: number, n: number): void {
  if (rows.length !== n * dimension) {
    throw new RfmError(
      "usage",
      `${rows.length / dimension} codes do not go with ${n} labels; give one label for each code.`,
    );
  }
  if (rows.some((value) => !Number.isFinite(value))) {
    throw new RfmError("usage", "The codes hold NaN or infinity; label those faces again.");
  }
}

function trainingProblem(
  rows: Float32Array,
  d: number,
  labels: readonly boolean[],
  chosen: Int32Array,
  C: number,
  classWeight: "balanced" | null,
): LogisticProblem {
  const n = chosen.length;
  const gathered = new Float32Array(n * d);
  chosen.forEach((row, at) => {
    gathered.set(rows.subarray(row * d, (row + 1) * d), at * d);
  });
  const signs = Int8Array.from(chosen, (row) => (labels[row] === true ? 1 : -1));
  const positives = signs.reduce((count, sign) => count + (sign > 0 ? 1 : 0), 0);
  const cost = (sign: number): number =>
    classWeight === null ? C : (C * n) / (2 * (sign > 0 ? positives : n - positives));
  return { rows: gathered, n, d, signs, costs: Float64Array.from(signs, cost) };
}

function decision(
  rows: Float32Array,
  d: number,
  row: number,
  weights: Float64Array,
  intercept: number,
): number {
  let sum = intercept;
  for (let j = 0; j < d; j++) sum += (rows[row * d + j] as number) * (weights[j] as number);
  return sum;
}
