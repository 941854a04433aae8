import { throwIfCancelled, type Changes, type DirectionDocument, type EffectRecord } from "../../files";
import { labelSeeds, type Scorer } from "../../labels";
import { seedsToZ } from "../../latents";
import type { Model } from "../../models";
import { editAlong } from "../direction";
import { applyEdits } from "../editing/applyEdits";
import type { DiscoveryTools } from "./discover";

/** How directions are described. */
export interface DescribeOptions extends DiscoveryTools {
  /** Seeded faces that are edited and scored; default 64. */
  readonly faces?: number;
  /** Their first seed; default 0. */
  readonly seed?: number;
}

const DEFAULT_FACES = 64;
/** Faces that the scores' standard deviations are measured on, at least. */
const DEVIATION_FACES = 128;
/** The edit whose effect is measured, to either side, in sigma. */
const AMOUNT = 1;
/** Faces made and scored at a time. */
const BATCH = 16;
/** Smaller changes, in standard deviations per sigma, are not worth a word. */
const WORTH_A_WORD = 0.1;
const MOST_WORDS = 4;

/**
 * Tells what directions change, as a scorer sees it: seeded faces are moved by one sigma to either side and scored again.
 * The change of an attribute is half the mean difference of the two scores, in the score's standard deviation over seeded
 * faces.
 */
export class Describer {
  /** Use {@link openDescriber}. */
  constructor(
    private readonly model: Model,
    private readonly scorer: Scorer,
    /** w+ of the faces, [faces,L,D]. */
    private readonly codes: Float32Array,
    private readonly deviations: readonly number[],
  ) {}

  /**
   * A direction with its measured effect, and its description where it is a discovered one.
   *
   * @throws CancelledError
   */
  async describe(document: DirectionDocument, signal?: AbortSignal): Promise<DirectionDocument> {
    const effect = await this.#measure(document, signal);
    const { discovery } = document;
    return {
      ...document,
      effect,
      ...(discovery && { discovery: { ...discovery, description: describeChange(effect.change) } }),
    };
  }

  async #measure(document: DirectionDocument, signal?: AbortSignal): Promise<EffectRecord> {
    const [less, more] = [
      await this.#scores(document, -AMOUNT, signal),
      await this.#scores(document, AMOUNT, signal),
    ];
    const { attributes } = this.scorer;
    const faces = more.length / attributes.length;
    const [change, right]: [Record<string, number>, Record<string, number>] = [{}, {}];
    attributes.forEach(({ name }, column) => {
      const deviation = this.deviations[column] ?? 0;
      const differences = Array.from({ length: faces }, (_, face) => {
        const at = face * attributes.length + column;
        return ((more[at] ?? NaN) - (less[at] ?? NaN)) / 2;
      }).filter(Number.isFinite);
      // A score that never changes has no unit to tell changes in.
      if (!(deviation > 0) || differences.length === 0) return;
      const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
      change[name] = mean / deviation;
      right[name] = differences.filter((value) => value * mean > 0).length / differences.length;
    });
    const [strongest] = byStrength(change);
    return { amount: AMOUNT, faces, right: strongest === undefined ? 0 : (right[strongest[0]] ?? 0), change };
  }

  /** The faces' scores when they are moved by an amount. */
  async #scores(document: DirectionDocument, amount: number, signal?: AbortSignal): Promise<Float32Array> {
    const { codeSize, layers, wDimension, resolution } = this.model;
    const edit = editAlong({ name: document.attribute, path: "", sha256: "", document }, amount);
    const faces = this.codes.length / codeSize;
    const scores = new Float32Array(faces * this.scorer.attributes.length);
    for (let start = 0; start < faces; start += BATCH) {
      throwIfCancelled(signal);
      const count = Math.min(BATCH, faces - start);
      const moved = this.codes.slice(start * codeSize, (start + count) * codeSize);
      for (let at = 0; at < moved.length; at += codeSize) {
        moved.set(applyEdits(moved.subarray(at, at + codeSize), layers, wDimension, [edit]), at);
      }
      const pictures = await this.model.synthesize(moved, count, { ...(signal && { signal }) });
      const part = await this.scorer.score(pictures, count, resolution, signal);
      scores.set(part, start * this.scorer.attributes.length);
    }
    return scores;
  }
}

/** Prepares describing: makes seeded faces and scores them. @throws CancelledError */
export async function openDescriber(
  model: Model,
  scorer: Scorer,
  { faces = DEFAULT_FACES, seed = 0, signal, onProgress }: DescribeOptions = {},
): Promise<Describer> {
  const seeds = Array.from({ length: Math.max(faces, DEVIATION_FACES) }, (_, i) => seed + i);
  const { scores } = await labelSeeds(model, scorer, seeds, {
    signal,
    onProgress: ({ done, total }) => onProgress?.({ phase: "score faces", done, total }),
  });
  const codes = await model.map(seedsToZ(seeds.slice(0, faces), model.zDimension), {
    ...(signal && { signal }),
  });
  const deviations = scorer.attributes.map((_, column) =>
    deviationOf(scores.filter((_score, at) => at % scorer.attributes.length === column)),
  );
  return new Describer(model, scorer, codes, deviations);
}

/**
 * What changes, in words: the attributes that move by at least 0.1 standard deviations, the strongest first, four at
 * most: "mostly age +0.8, smile -0.1".
 */
export function describeChange(change: Changes): string {
  const told = byStrength(change)
    .filter(([, value]) => Math.abs(value) >= WORTH_A_WORD)
    .slice(0, MOST_WORDS)
    .map(([name, value]) => `${name} ${value > 0 ? "+" : "-"}${Math.abs(value).toFixed(1)}`);
  return told.length === 0 ? "nothing the scorer sees" : `mostly ${told.join(", ")}`;
}

function byStrength(change: Changes): [name: string, value: number][] {
  return Object.entries(change).sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
}

function deviationOf(values: Float32Array): number {
  const finite = Float64Array.from(values).filter(Number.isFinite);
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  return Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length);
}
