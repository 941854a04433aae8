import { throwIfCancelled, type Edit } from "../../files";
import type { Scorer } from "../../labels";
import { seedsToZ } from "../../latents";
import type { Model } from "../../models";
import { applyEdits } from "../editing/applyEdits";

/** Faces drawn and scored at once. */
const BATCH = 16;
/** An edit's amount is not raised above this many sigma: faces fall apart long before. */
const MAXIMUM_AMOUNT = 4;
/** How near the wanted rise an amount must come before the rest is interpolated, as a share of it. */
const NEAR = 0.08;
const MAXIMUM_STEPS = 8;

export interface ScoringHooks {
  readonly signal?: AbortSignal | undefined;
  /** Called after every batch with how many faces it drew and scored. */
  readonly onFaces?: ((faces: number) => void) | undefined;
}

/** What an edit did to some faces. */
export interface MeanChange {
  /** In sigma. */
  readonly amount: number;
  /** Of each score, in its deviations. */
  readonly change: readonly number[];
}

/** Seeded faces at the model's own truncation with their scores, on which edits are tried. */
export class ScoredFaces {
  private constructor(
    readonly model: Model,
    readonly scorer: Scorer,
    /** w+ [n, L, D]. */
    readonly codes: Float32Array,
    /** [n, A]. */
    readonly scores: Float32Array,
    /** Of each score: the unit in which changes are told. */
    readonly deviations: readonly number[],
  ) {}

  /** @param deviations of the scores over a label set; where any is missing, that over these faces */
  static async draw(
    model: Model,
    scorer: Scorer,
    seeds: readonly number[],
    deviations: readonly (number | undefined)[] | undefined,
    hooks: ScoringHooks = {},
  ): Promise<ScoredFaces> {
    const codes = await model.map(
      seedsToZ(seeds, model.zDimension),
      hooks.signal && { signal: hooks.signal },
    );
    const scores = await scoreCodes(model, scorer, codes, hooks);
    const columns = scorer.attributes.length;
    const measured = Array.from(
      { length: columns },
      (_, k) => deviations?.[k] ?? deviation(scores, k, columns),
    );
    return new ScoredFaces(model, scorer, codes, scores, measured);
  }

  get count(): number {
    return this.codes.length / this.model.codeSize;
  }

  /** The first of these faces, not drawn anew; all where there are no more. */
  first(count: number): ScoredFaces {
    const { model, scorer, codes, scores, deviations } = this;
    const [some, theirs] = [
      codes.subarray(0, count * model.codeSize),
      scores.subarray(0, count * deviations.length),
    ];
    return new ScoredFaces(model, scorer, some, theirs, deviations);
  }

  /** The faces' codes after an edit. */
  edited(edit: Edit): Float32Array {
    const { layers, wDimension, codeSize } = this.model;
    const after = new Float32Array(this.codes.length);
    for (let at = 0; at < after.length; at += codeSize) {
      after.set(applyEdits(this.codes.subarray(at, at + codeSize), layers, wDimension, [edit]), at);
    }
    return after;
  }

  /** How far an edit moves each score, in the mean of these faces. */
  async change(edit: Edit, hooks: ScoringHooks = {}): Promise<MeanChange> {
    const after = await scoreCodes(this.model, this.scorer, this.edited(edit), hooks);
    const columns = this.deviations.length;
    const change = this.deviations.map((unit, k) => {
      let sum = 0;
      for (let at = k; at < after.length; at += columns) sum += (after[at] ?? NaN) - (this.scores[at] ?? NaN);
      return unit > 0 ? sum / this.count / unit : 0;
    });
    return { amount: edit.amount, change };
  }

  /**
   * The change where the amount is such that one score rises by so many deviations: amounts are tried from the edit's own on
   * until one comes near, and the rest is interpolated. Where the score does not rise so far within
   * {@link MAXIMUM_AMOUNT} sigma, the change there.
   */
  async changeAtRise(
    edit: Edit,
    column: number,
    rise: number,
    hooks: ScoringHooks = {},
  ): Promise<MeanChange> {
    const risen = ({ change }: MeanChange): number => change[column] ?? NaN;
    let below: MeanChange = { amount: 0, change: this.deviations.map(() => 0) };
    let above: MeanChange | undefined;
    let amount = edit.amount;
    for (let step = 0; step < MAXIMUM_STEPS; step++) {
      const tried = await this.change({ ...edit, amount }, hooks);
      const isBelow = !(risen(tried) >= rise);
      if (Math.abs(risen(tried) - rise) <= NEAR * rise) {
        return crossing(isBelow && above !== undefined ? above : below, tried);
      }
      if (isBelow && amount >= MAXIMUM_AMOUNT) return tried;
      if (isBelow) below = tried;
      else above = tried;
      amount = above === undefined ? grown(tried) : inside(below, above);
    }
    return above === undefined ? below : crossing(below, above);

    /** What lies on the line through two changes where the score has risen so far. */
    function crossing(from: MeanChange, to: MeanChange): MeanChange {
      const share = (rise - risen(from)) / (risen(to) - risen(from));
      const between = (a: number, b: number): number => a + share * (b - a);
      return {
        amount: between(from.amount, to.amount),
        change: to.change.map((value, k) => between(from.change[k] ?? 0, value)),
      };
    }

    function grown(tried: MeanChange): number {
      const factor = risen(tried) > 0 ? rise / risen(tried) : 2;
      return Math.min(MAXIMUM_AMOUNT, tried.amount * Math.min(2, Math.max(1.1, factor)));
    }

    function inside(from: MeanChange, to: MeanChange): number {
      const length = to.amount - from.amount;
      const share = (crossing(from, to).amount - from.amount) / length;
      return from.amount + length * Math.min(0.95, Math.max(0.05, share));
    }
  }
}

/** The scores [n, A] of the faces of codes w+ [n, L, D]. */
export async function scoreCodes(
  model: Model,
  scorer: Scorer,
  codes: Float32Array,
  { signal, onFaces }: ScoringHooks,
): Promise<Float32Array> {
  const { codeSize, resolution } = model;
  const columns = scorer.attributes.length;
  const n = codes.length / codeSize;
  const scores = new Float32Array(n * columns);
  // Always the same batch, for scorers keep a session for each size.
  const batch = new Float32Array(BATCH * codeSize);
  for (let start = 0; start < n; start += BATCH) {
    throwIfCancelled(signal);
    const count = Math.min(BATCH, n - start);
    batch.set(codes.subarray(start * codeSize, (start + count) * codeSize));
    const pictures = await model.synthesize(batch, BATCH, signal && { signal });
    const found = await scorer.score(pictures, BATCH, resolution, signal);
    scores.set(found.subarray(0, count * columns), start * columns);
    onFaces?.(count);
  }
  return scores;
}

function deviation(scores: Float32Array, column: number, columns: number): number {
  let [count, sum, squares] = [0, 0, 0];
  for (let at = column; at < scores.length; at += columns) {
    const value = scores[at] ?? NaN;
    count++;
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}
