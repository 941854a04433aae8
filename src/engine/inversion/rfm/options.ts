import { RfmError } from "../../files";
import { RFM_COEFFICIENTS, type LossCoefficients } from "../losses";

/** What the optimiser changes: the code itself, or the weights of the encoder that gives it. */
export type Optimised = "latent" | "encoder";

/** RFM's inversion; the defaults are RFM's, each coefficient as {@link LossCoefficients} says. */
export interface RfmOptions extends Partial<LossCoefficients> {
  /** Iterations, of an image step and a latent step each. Default 1501. */
  readonly iterations?: number;
  /** Default `encoder` where the pack has one, else `latent`. */
  readonly optimize?: Optimised;
  /** Of LREQAdam. Default 0.005. */
  readonly learningRate?: number;
  /** How much of the second moment LREQAdam keeps at each step. Default 0.99. */
  readonly beta2?: number;
  /** Chooses the start where a model has no encoder: the best of 64 seeded faces, this seed the first. Default 0. */
  readonly seed?: number;
  /** A preview is sent every so many iterations; default 10, 0 for none. */
  readonly previewEvery?: number;
}

/** {@link RfmOptions} with every number filled in. */
export interface RfmSettings {
  readonly iterations: number;
  /** Undefined: whatever the pack allows. */
  readonly optimize: Optimised | undefined;
  readonly learningRate: number;
  readonly beta2: number;
  readonly seed: number;
  readonly previewEvery: number;
  readonly coefficients: LossCoefficients;
}

/** Fills in the defaults. @throws RfmError("usage") for a number that makes no sense. */
export function rfmSettings(options: RfmOptions): RfmSettings {
  const { iterations = 1501, learningRate = 0.005, beta2 = 0.99, seed = 0, previewEvery = 10 } = options;
  for (const [name, value] of Object.entries({ iterations, seed, previewEvery })) {
    check(name, value, Number.isSafeInteger(value) && value >= 0, "a whole number from 0");
  }
  check("learningRate", learningRate, isWithin(learningRate, 0, Number.MAX_VALUE), "a number from 0");
  check("beta2", beta2, beta2 >= 0 && beta2 < 1, "a number from 0 to below 1");
  const coefficients = { ...RFM_COEFFICIENTS };
  for (const name of Object.keys(coefficients) as (keyof LossCoefficients)[]) {
    const value = options[name];
    if (value === undefined) continue;
    if (name === "p") check(name, value, isWithin(value, 1, 16), "a number from 1 to 16");
    else if (name === "ssimRange") check(name, value, isWithin(value, 1e-3, 1e6), "a number above 0");
    else check(name, value, isWithin(value, 0, 1e6), "a number from 0 to 1000000");
    coefficients[name] = value;
  }
  return { iterations, optimize: options.optimize, learningRate, beta2, seed, previewEvery, coefficients };
}

function isWithin(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}

function check(name: string, value: number, fits: boolean, wanted: string): void {
  if (fits) return;
  throw new RfmError("usage", `${name} cannot be ${value}; give ${wanted}.`);
}
