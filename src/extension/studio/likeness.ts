import type { TunedRecord } from "../../engine/files";
import { StepState } from "./stepState";

/** How far the generator is tuned to the face of an open document; undefined: it was never matched. */
export class LikenessState extends StepState<TunedRecord | undefined> {
  /** @param onChange see {@link StepState}. */
  constructor(onChange: () => void) {
    super(undefined, onChange, (a, b) => a?.sha256 === b?.sha256 && a?.amount === b?.amount);
  }
}

/** The record with another likeness, from 0 to 1. */
export function withLikeness(tuned: TunedRecord, amount: number): TunedRecord {
  return { ...tuned, amount: Math.min(1, Math.max(0, amount)) };
}
