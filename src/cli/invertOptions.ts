import { asUsage, choiceOption, integerOption, numberOption, UsageError } from "./usage";
import type { InversionOptions, LossCoefficients, RfmOptions } from "../engine/inversion";

/** The texts of the options that say how a face is inverted. */
export interface MethodTexts {
  readonly method?: string;
  readonly iterations?: string;
  readonly optimize?: string;
  readonly beta?: string;
  readonly norm?: string;
  readonly rate?: string;
  readonly coefficient?: readonly string[];
  readonly seed?: string;
  readonly fitOccluders?: boolean;
  /** False where it is left out. */
  readonly polish?: boolean;
}

/** A method and its options. */
export type ChosenMethod =
  | { readonly method: "fast"; readonly options: InversionOptions }
  | { readonly method: "rfm"; readonly options: RfmOptions };

/** Parts of RFM's losses whose coefficients can be chosen by `--coefficient`; beta and p have options of their own. */
const COEFFICIENTS = [
  "mse",
  "kl",
  "cosine",
  "perceptual",
  "ssim",
  "ssimRange",
  "at1",
  "at2",
  "latent",
] as const satisfies readonly (keyof LossCoefficients)[];

/** What only RFM's method can be told. */
const RFM_ONLY = ["optimize", "norm", "rate", "coefficient"] as const;

/** Interprets the options of `rfm invert`. @throws UsageError */
export function chosenMethod(texts: MethodTexts): ChosenMethod {
  const method =
    texts.method === undefined ? "fast" : choiceOption("--method", texts.method, ["fast", "rfm"] as const);
  const { iterations, beta, seed, fitOccluders, polish } = texts;
  const common = {
    ...(iterations === undefined
      ? {}
      : { iterations: integerOption("--iterations", iterations, 0, 100_000) }),
    ...(beta === undefined ? {} : { beta: numberOption("--beta", beta, 0) }),
    ...(seed === undefined ? {} : { seed: integerOption("--seed", seed) }),
  };
  if (method === "rfm" && fitOccluders === true)
    throw new UsageError("--fit-occluders is for the fast method; RFM's own fits everything.");
  if (method === "rfm" && polish === false)
    throw new UsageError("--no-polish is for the fast method; RFM's own has nothing else.");
  if (method === "rfm") return { method, options: { ...common, ...rfmOptions(texts) } };
  const foreign = RFM_ONLY.find((name) => texts[name] !== undefined);
  if (foreign !== undefined) {
    throw new UsageError(`--${foreign} is for RFM's own method; give it together with --method rfm.`);
  }
  const left: InversionOptions = {
    ...(fitOccluders === true ? { occluders: "fit" } : {}),
    ...(polish === false ? { polish } : {}),
  };
  return { method, options: { ...common, ...left } };
}

function rfmOptions({ optimize, norm, rate, coefficient = [] }: MethodTexts): RfmOptions {
  return {
    ...(rate === undefined ? {} : { learningRate: numberOption("--rate", rate, 0) }),
    ...(optimize === undefined
      ? {}
      : { optimize: choiceOption("--optimize", optimize, ["latent", "encoder"] as const) }),
    ...(norm === undefined ? {} : { p: numberOption("--norm", norm, 1, 16) }),
    ...Object.fromEntries(coefficient.map(coefficientOption)),
  };
}

/** `NAME=VALUE`, such as mse=5. */
function coefficientOption(text: string): readonly [name: (typeof COEFFICIENTS)[number], value: number] {
  const at = text.indexOf("=");
  if (at <= 0) {
    throw new UsageError(`--coefficient is "${text}"; give a part of the loss and a number, such as mse=5.`);
  }
  const name = choiceOption("--coefficient", text.slice(0, at), COEFFICIENTS);
  return [name, numberOption(`--coefficient ${name}`, text.slice(at + 1), 0)];
}

/** Checks the numbers as the method will. @throws UsageError */
export async function checkMethod(chosen: ChosenMethod): Promise<void> {
  const { inversionSettings, rfmSettings } = await import("../engine/inversion");
  asUsage<object>(() =>
    chosen.method === "rfm" ? rfmSettings(chosen.options) : inversionSettings(chosen.options),
  );
}
