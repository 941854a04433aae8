import type { FaceNets } from "../../faces";
import { CancelledError, RfmError } from "../../files";
import type { Model } from "../../models";
import type { Graph } from "../../onnx";
import type { CheckpointStore } from "../checkpoint";
import { GatheredSamples, type Samples } from "./gathered";
import { linearCodesGraph, type LinearCodes } from "./linearCodes";
import { MomentSums } from "./moments";
import { RidgeRegression } from "./ridge";
import { Sampler } from "./sampler";

/** Faces that an encoder learns from if nothing is said, and the first of their seeds: where nobody's label sets are. */
export const USUAL = { samples: 6_000, seed: 2_000_000 } as const;
/** Fewer samples than this teach nothing. */
const FEWEST_SAMPLES = 200;
/** Share of the samples that take no part in fitting, and how many at most. */
const HELD_OUT = 0.1;
const MOST_HELD_OUT = 512;
/** Pictures of held-out codes that are drawn again from what the encoder says. */
const REDRAWN = 64;
/** Strengths of the penalty that are tried, from strong to weak, until the held-out error rises. */
const STRENGTHS = [3, 1, 0.3, 0.1, 0.03, 0.01];

export interface FitEncoderOptions {
  /** Default 6,000. */
  readonly samples?: number;
  /** First of the seeds; default 2,000,000. */
  readonly seed?: number;
  /** Where samples are kept now and then, so that a run that was stopped or killed goes on, to the same encoder. */
  readonly checkpoint?: CheckpointStore | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: EncoderProgress) => void) | undefined;
}

export interface EncoderProgress {
  readonly phase: "samples" | "fit" | "test";
  readonly done: number;
  readonly total: number;
  /** Said once, where the work goes on from what an earlier run had kept. */
  readonly resumed?: true;
}

/** An encoder, and how good it is on samples that took no part in fitting. Errors are root mean squares. */
export interface FittedEncoder {
  /** x [1,3,S,S] -> `w` [1,L,D], for any batch. */
  readonly graph: Graph;
  readonly samples: number;
  readonly heldOut: number;
  /** Strength of the ridge penalty that was chosen. */
  readonly strength: number;
  /** Of the code, as a share of the average code's error. */
  readonly codeError: number;
  /** Of the picture drawn from the code, as a share of the error of the average code's picture. */
  readonly pictureError: number;
}

/**
 * Fits an encoder to a generator that came without: codes of seeds are drawn (not truncated, for photos are not), and
 * ridge regression finds the code from the picture averaged down to 32 pixels and its recognition embedding. Samples are not
 * kept: memory is that of F x F sums, F about 3,200, whatever their number.
 *
 * @throws RfmError("model") where the model has no way from seeds to codes, RfmError("usage") for too few samples;
 *   CancelledError.
 */
export async function fitEncoder(
  model: Model,
  faceNets: FaceNets,
  options: FitEncoderOptions = {},
): Promise<FittedEncoder> {
  const { samples = USUAL.samples, seed = USUAL.seed, signal, onProgress } = options;
  if (!model.hasMapping) {
    throw new RfmError(
      "model",
      `The model ${model.name} has no mapping network, so no faces of seeds can be drawn to learn from; import the mapping network's file together with the synthesis.`,
    );
  }
  if (!Number.isInteger(samples) || samples < FEWEST_SAMPLES) {
    throw new RfmError(
      "usage",
      `${samples} samples are too few to fit an encoder; take at least ${FEWEST_SAMPLES}.`,
    );
  }
  const sampler = await Sampler.open(model, faceNets);
  try {
    const kept = Math.min(MOST_HELD_OUT, Math.ceil(samples * HELD_OUT));
    const sums = new MomentSums(model.runtime, sampler.width, model.wDimension);
    const gathered = new GatheredSamples(sums);
    const moments = await gather(sampler, gathered, { ...options, samples, seed, kept })
      .then(() => sums.finish())
      .finally(() => sums.dispose());
    const { heldOut } = gathered;
    const half = Math.ceil(heldOut.length / 2);
    const ridge = new RidgeRegression(model.runtime, moments);
    const chosen = await choose(model.name, ridge, heldOut.slice(0, half), signal, (done) =>
      onProgress?.({ phase: "fit", done, total: STRENGTHS.length }),
    ).finally(() => ridge.dispose());
    const test = heldOut.slice(half);
    const average = Float32Array.from(moments.codeMean);
    const codeError = errorOf(test, chosen.codes) / errorOf(test, constant(average, sampler.width));
    const pictureError = await redrawn(model, test, chosen.codes, average, signal, (done, total) =>
      onProgress?.({ phase: "test", done, total }),
    );
    return {
      graph: linearCodesGraph(sampler.graph, model.resolution, model.layers, chosen.codes),
      samples,
      heldOut: kept,
      strength: chosen.strength,
      codeError,
      pictureError,
    };
  } finally {
    await sampler.dispose();
  }
}

/** Draws the samples that are missing yet; those that are held out come last. */
async function gather(
  sampler: Sampler,
  gathered: GatheredSamples,
  { samples, seed, kept, checkpoint, signal, onProgress }: FitEncoderOptions & Gathering,
): Promise<void> {
  const progress = (more: { resumed?: true } = {}): void =>
    onProgress?.({ phase: "samples", done: gathered.done, total: samples, ...more });
  const state = await checkpoint?.load();
  if (state !== undefined && gathered.load(state)) progress({ resumed: true });
  const fitted = samples - kept;
  try {
    while (gathered.done < samples) {
      const isHeldOut = gathered.done >= fitted;
      const count = Math.min(sampler.batch, (isHeldOut ? samples : fitted) - gathered.done);
      const drawn = await sampler.draw(seed + gathered.done, count, signal);
      if (isHeldOut) gathered.heldOut.push(drawn);
      else await gathered.sums.add(drawn.features, drawn.codes);
      gathered.done += count;
      progress();
      await checkpoint?.offer(() => gathered.save());
    }
  } catch (error) {
    if (error instanceof CancelledError && gathered.done > 0) await checkpoint?.keep(gathered.save());
    throw error;
  }
}

interface Gathering {
  readonly samples: number;
  readonly seed: number;
  /** Samples that are held out. */
  readonly kept: number;
}

async function choose(
  name: string,
  ridge: RidgeRegression,
  samples: readonly Samples[],
  signal: AbortSignal | undefined,
  onProgress: (done: number) => void,
): Promise<{ readonly strength: number; readonly codes: LinearCodes }> {
  let best: { readonly strength: number; readonly codes: LinearCodes; readonly error: number } | undefined;
  for (const [done, strength] of STRENGTHS.entries()) {
    onProgress(done);
    const codes = await ridge.solve(strength, signal);
    const error = errorOf(samples, codes);
    if (best !== undefined && !(error < best.error)) break;
    best = { strength, codes, error };
  }
  if (best === undefined || !Number.isFinite(best.error)) {
    throw new RfmError(
      "model",
      `The faces of the model ${name} hold NaN or infinity; import the model again.`,
    );
  }
  return best;
}

function constant(code: Float32Array, width: number): LinearCodes {
  return { weights: new Float32Array(width * code.length), intercept: code };
}

/** Codes [n,D] that the encoder says. */
function predict({ features, n }: Samples, { weights, intercept }: LinearCodes): Float32Array {
  const columns = intercept.length;
  const width = weights.length / columns;
  const result = new Float32Array(n * columns);
  const sums = new Float64Array(columns);
  for (let row = 0; row < n; row++) {
    sums.set(intercept);
    for (let i = 0; i < width; i++) {
      const value = features[row * width + i] as number;
      for (let j = 0; j < columns; j++)
        sums[j] = (sums[j] as number) + value * (weights[i * columns + j] as number);
    }
    result.set(sums, row * columns);
  }
  return result;
}

function errorOf(samples: readonly Samples[], codes: LinearCodes): number {
  let sum = 0;
  let count = 0;
  for (const part of samples) {
    const said = predict(part, codes);
    said.forEach((value, at) => (sum += (value - (part.codes[at] as number)) ** 2));
    count += said.length;
  }
  return Math.sqrt(sum / count);
}

/** Error of pictures drawn from what the encoder says, as a share of the average code's. */
async function redrawn(
  model: Model,
  samples: readonly Samples[],
  codes: LinearCodes,
  average: Float32Array,
  signal: AbortSignal | undefined,
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  const draw = async (rows: Float32Array): Promise<Float32Array> => {
    const n = rows.length / model.wDimension;
    return model.synthesize(repeatedRows(rows, n, model), n, signal === undefined ? {} : { signal });
  };
  const usual = await draw(average);
  const total = Math.min(
    REDRAWN,
    samples.reduce((sum, { n }) => sum + n, 0),
  );
  let own = 0;
  let other = 0;
  let done = 0;
  for (const part of samples) {
    if (done >= total) break;
    const drawn = await draw(predict(part, codes));
    const pictures = await draw(part.codes);
    pictures.forEach((value, at) => {
      own += (value - (drawn[at] as number)) ** 2;
      other += (value - (usual[at % usual.length] as number)) ** 2;
    });
    done += part.n;
    onProgress(Math.min(done, total), total);
  }
  return Math.sqrt(own / other);
}

/** w [n,D] as w+ [n,L,D]. */
function repeatedRows(rows: Float32Array, n: number, { layers, wDimension }: Model): Float32Array {
  const result = new Float32Array(n * layers * wDimension);
  for (let row = 0; row < n; row++) {
    const code = rows.subarray(row * wDimension, (row + 1) * wDimension);
    for (let layer = 0; layer < layers; layer++) result.set(code, (row * layers + layer) * wDimension);
  }
  return result;
}
