import { throwIfCancelled } from "../../files";
import { GraphBuilder, matmul } from "../../onnx";
import type { Runtime, Session } from "../../runtime";
import type { LinearCodes } from "./linearCodes";
import type { Moments } from "./moments";

/** A code's start needs no more: residuals of this share move predictions far less than the samples' noise. */
const TOLERANCE = 1e-3;
const MAXIMUM_ITERATIONS = 300;

/**
 * Ridge regression of codes on features, for one strength of the penalty after the other: minimises
 * mean ||code - intercept - features @ W||^2 + r ||W||^2 with features in standard units, by conjugate gradients, one
 * independent sequence for each column of the code, whose products with the covariance the runtime takes together.
 */
export class RidgeRegression {
  readonly #moments: Moments;
  readonly #session: Promise<Session>;
  /** [F, D] in standard units: where the next strength starts from. */
  #solution: Float32Array;

  constructor(runtime: Runtime, moments: Moments) {
    this.#moments = moments;
    this.#solution = new Float32Array(moments.cross.length);
    const width = moments.featureMean.length;
    const builder = new GraphBuilder("covariance");
    const vectors = builder.input("vectors", [width, moments.codeMean.length]);
    builder.output("products", matmul(builder.constant(moments.features, [width, width]), vectors));
    this.#session = runtime.compile(builder.build(), { name: "covariance" });
  }

  /** @param strength r, in units of a feature's variance */
  async solve(strength: number, signal?: AbortSignal): Promise<LinearCodes> {
    const columns = this.#moments.codeMean.length;
    const { cross } = this.#moments;
    const w = this.#solution;
    const residual = (await this.#times(w, strength)).map((value, at) => (cross[at] as number) - value);
    const direction = residual.slice();
    let energy = columnEnergies(residual, residual, columns);
    const enough = columnEnergies(cross, cross, columns).map((value) => value * TOLERANCE ** 2);
    for (let iteration = 0; iteration < MAXIMUM_ITERATIONS; iteration++) {
      throwIfCancelled(signal);
      if (energy.every((value, j) => value <= (enough[j] as number))) break;
      const image = await this.#times(direction, strength);
      const curvature = columnEnergies(direction, image, columns);
      const step = energy.map((value, j) => ratio(value, curvature[j] as number));
      for (let at = 0; at < w.length; at++) {
        const length = step[at % columns] as number;
        w[at] = (w[at] as number) + length * (direction[at] as number);
        residual[at] = (residual[at] as number) - length * (image[at] as number);
      }
      const next = columnEnergies(residual, residual, columns);
      for (let at = 0; at < w.length; at++) {
        const j = at % columns;
        direction[at] =
          (residual[at] as number) +
          ratio(next[j] as number, energy[j] as number) * (direction[at] as number);
      }
      energy = next;
    }
    return this.#inUnits(w);
  }

  async dispose(): Promise<void> {
    await (await this.#session).release();
  }

  /** (covariance + r) v, for [F, D] at once. */
  async #times(vectors: Float32Array, strength: number): Promise<Float32Array> {
    const session = await this.#session;
    const { products = new Float32Array(vectors.length) } = await session.run({ vectors });
    return products.map((value, at) => value + strength * (vectors[at] as number));
  }

  /** From standard units back to those of the features. */
  #inUnits(w: Float32Array): LinearCodes {
    const { shift, factor, featureMean, codeMean } = this.#moments;
    const columns = codeMean.length;
    const intercept = codeMean.slice();
    const weights = w.map((value, at) => value * (factor[Math.floor(at / columns)] as number));
    for (let at = 0; at < w.length; at++) {
      const i = Math.floor(at / columns);
      const offset =
        (w[at] as number) * (featureMean[i] as number) + (weights[at] as number) * (shift[i] as number);
      intercept[at % columns] = (intercept[at % columns] as number) - offset;
    }
    return { weights, intercept: Float32Array.from(intercept) };
  }
}

/** a_j^T b_j for the columns of two matrices. */
function columnEnergies(a: Float32Array, b: Float32Array, columns: number): Float64Array {
  const energies = new Float64Array(columns);
  for (let at = 0; at < a.length; at++) {
    const j = at % columns;
    energies[j] = (energies[j] as number) + (a[at] as number) * (b[at] as number);
  }
  return energies;
}

function ratio(a: number, b: number): number {
  return b > 0 ? a / b : 0;
}
