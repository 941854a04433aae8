import { RfmError } from "../../files";

/** How a generator is tuned to a face; the defaults suit the embedded model. */
export interface TuningOptions {
  /** Adam steps on the weights; default 100. */
  readonly steps?: number;
  /** Peak of the learning rate, as a share of each weight array's own spread; default 0.005. */
  readonly learningRate?: number;
  /** Weight of the locality regulariser: how much faces of other codes count; default 0.15, 0 does without. */
  readonly locality?: number;
  /** Weight of the squared distance of recognition embeddings; default 0.01, 0 does without. */
  readonly identityWeight?: number;
  /** The first of the seeds whose faces must stay as they are. Default 0. */
  readonly seed?: number;
  /** A preview is sent every so many steps; default 5. */
  readonly previewEvery?: number;
}

export type TuningSettings = Required<TuningOptions>;

const DEFAULTS: TuningSettings = {
  steps: 100,
  learningRate: 0.005,
  locality: 0.15,
  identityWeight: 0.01,
  seed: 0,
  previewEvery: 5,
};

/** Fills in the defaults. @throws RfmError("usage") for a number that makes no sense. */
export function tuningSettings(options: TuningOptions = {}): TuningSettings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const settings = { ...DEFAULTS, ...(Object.fromEntries(given) as TuningOptions) };
  check(
    "steps",
    settings.steps,
    Number.isSafeInteger(settings.steps) && settings.steps > 0,
    "a whole number from 1",
  );
  for (const name of ["seed", "previewEvery"] as const)
    check(name, settings[name], Number.isSafeInteger(settings[name]), "a whole number from 0");
  for (const name of ["learningRate", "locality", "identityWeight"] as const)
    check(name, settings[name], Number.isFinite(settings[name]), "a number from 0");
  return settings;
}

function check(name: string, value: number, fits: boolean, wanted: string): void {
  if (fits && value >= 0) return;
  throw new RfmError("usage", `${name} cannot be ${value}; give ${wanted}.`);
}
