import { RfmError } from "../../files";

/** How a face is inverted; the defaults suit the embedded model. */
export interface InversionOptions {
  /** Looks at a picture and its gradient, at most; fewer where the loss is flat. Default 200. 0 keeps the encoder's code. */
  readonly iterations?: number;
  /** Whether the last part of them, where they are not few, is RFM's own loss. Default true. */
  readonly polish?: boolean;
  /**
   * Weight of the penalty beta * ||w||_2 that pulls the code towards the origin; default 0.001, as RFM's. Ten times more
   * halves the norm of the embedded model's codes, and edits, whose steps are those of ordinary codes, then overshoot.
   */
  readonly beta?: number;
  /**
   * Weight of the squared distance of recognition embeddings; default 0.2, 0 does without. It counts only where RFM's loss
   * does not ask that net already, in LPIPS's place.
   */
  readonly identityWeight?: number;
  /**
   * What the generator cannot draw (a hand, a microphone, glare) is found on the way and left out of the loss, or is fitted
   * like everything else. Default `leave-out`.
   */
  readonly occluders?: "leave-out" | "fit";
  /** Chooses the start where a model has no encoder: the best of 64 seeded faces, this seed the first. Default 0. */
  readonly seed?: number;
  /** A preview is sent every so many steps; default 5. */
  readonly previewEvery?: number;
}

export type InversionSettings = Required<InversionOptions>;

const DEFAULTS: InversionSettings = {
  iterations: 200,
  polish: true,
  beta: 1e-3,
  identityWeight: 0.2,
  occluders: "leave-out",
  seed: 0,
  previewEvery: 5,
};

/** Fills in the defaults. @throws RfmError("usage") for a number that makes no sense. */
export function inversionSettings(options: InversionOptions): InversionSettings {
  const settings = { ...DEFAULTS, ...withoutUndefined(options) };
  for (const name of ["iterations", "seed", "previewEvery"] as const) {
    check(name, settings[name], Number.isSafeInteger(settings[name]), "a whole number from 0");
  }
  for (const name of ["beta", "identityWeight"] as const) {
    check(name, settings[name], Number.isFinite(settings[name]), "a number from 0");
  }
  return settings;
}

function check(name: string, value: number, fits: boolean, wanted: string): void {
  if (fits && value >= 0) return;
  throw new RfmError("usage", `${name} cannot be ${value}; give ${wanted}.`);
}

function withoutUndefined(options: InversionOptions): InversionOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
