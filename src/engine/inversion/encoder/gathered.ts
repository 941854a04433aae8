import { isCount, type CheckpointState } from "../checkpoint";
import type { MomentSums } from "./moments";

/** Features [n,F] of pictures and the codes [n,D] that they were drawn from. */
export interface Samples {
  readonly features: Float32Array;
  readonly codes: Float32Array;
  readonly n: number;
}

/** What is known of the samples so far: sums of those that are fitted to, and the held-out ones themselves. */
export class GatheredSamples {
  /** Samples that were drawn. */
  done = 0;
  heldOut: Samples[] = [];

  constructor(readonly sums: MomentSums) {}

  /** Everything as it is now. The arrays change with the next samples. */
  save(): CheckpointState {
    const { waiting, count, arrays, doubles } = this.sums.save();
    const held = this.heldOut.flatMap(({ features, codes }, part) => [
      [heldName("features", part), features] as const,
      [heldName("codes", part), codes] as const,
    ]);
    return {
      facts: { done: this.done, waiting, count, parts: this.heldOut.length },
      arrays: new Map([...arrays, ...held]),
      doubles,
    };
  }

  /** Goes on from what was saved. @returns whether it was a state of such samples; if not, nothing has changed. */
  load({ facts, arrays, doubles = new Map() }: CheckpointState): boolean {
    const { done, waiting, count, parts } = facts;
    if (!isCount(done) || !isCount(waiting) || !isCount(count) || !isCount(parts)) return false;
    const { width, codeWidth } = this.sums;
    const heldOut: Samples[] = [];
    let samples = waiting + count;
    for (let part = 0; part < parts; part++) {
      const features = arrays.get(heldName("features", part));
      const codes = arrays.get(heldName("codes", part));
      if (features === undefined || codes === undefined) return false;
      const n = codes.length / codeWidth;
      if (!isCount(n) || features.length !== n * width) return false;
      heldOut.push({ features, codes, n });
      samples += n;
    }
    if (samples !== done || !this.sums.load({ waiting, count, arrays, doubles })) return false;
    this.done = done;
    this.heldOut = heldOut;
    return true;
  }
}

function heldName(what: string, part: number): string {
  return `held-out ${what} ${part}`;
}
