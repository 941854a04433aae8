import type { FitChoices, FitPenalty, ThresholdChoice } from "../engine/directions";
import { choiceOption, integerOption, layersOption, numberOption, UsageError } from "./usage";

/** The options of `rfm fit` that say how to fit, as they were written. */
export interface FitOptionTexts {
  readonly attribute?: readonly string[];
  readonly penalty?: string;
  readonly C?: string;
  readonly classWeight?: string;
  readonly train?: string;
  readonly threshold?: readonly string[];
  readonly dropMiddle?: string;
  readonly layers?: string;
  readonly seed?: string;
  readonly quick?: boolean;
}

const PENALTIES: readonly FitPenalty[] = ["l1", "l2", "svm", "lasso"];

/**
 * The options, understood.
 *
 * @param proof whether to fit learning curves and by RFM's protocol where the options do not say it
 * @throws UsageError
 */
export function understandFit(options: FitOptionTexts, proof: boolean): FitChoices {
  const { attribute = ["all"], penalty, C, classWeight, train, dropMiddle, layers, seed } = options;
  return {
    ...(attribute.includes("all") ? {} : { attributes: attribute }),
    penalty: penalty === undefined ? "l1" : choiceOption("--penalty", penalty, PENALTIES),
    C: C === undefined ? 1 : numberOption("--C", C, 1e-12, 1e12),
    classWeight: classWeight === undefined ? null : classWeightOf(classWeight),
    ...(train === undefined ? {} : { train: integerOption("--train", train, 2) }),
    ...(seed === undefined ? {} : { seed: integerOption("--seed", seed) }),
    ...thresholdsOf(options.threshold ?? []),
    dropMiddle: dropMiddle === undefined ? 0 : numberOption("--drop-middle", dropMiddle, 0, 0.99),
    ...(layers === undefined ? {} : { layers: layers === "measured" ? layers : layersOption(layers) }),
    proof: options.quick === undefined ? proof : !options.quick,
  };
}

function classWeightOf(text: string): "balanced" | null {
  return choiceOption("--class-weight", text, ["balanced", "none"]) === "none" ? null : "balanced";
}

/** `0`, `q0.8` for all attributes; `age=q0.8` for one. */
function thresholdsOf(texts: readonly string[]): Pick<FitChoices, "threshold" | "thresholds"> {
  const named = texts.filter((text) => text.includes("="));
  const common = texts.filter((text) => !text.includes("="));
  if (common.length > 1) {
    throw new UsageError(
      `--threshold is "${common.join(" ")}"; give one for all attributes, and NAME=VALUE for single ones.`,
    );
  }
  const [first] = common;
  return {
    ...(first === undefined ? {} : { threshold: thresholdChoice(first) }),
    thresholds: Object.fromEntries(
      named.map((text) => {
        const at = text.lastIndexOf("=");
        return [text.slice(0, at), thresholdChoice(text.slice(at + 1))];
      }),
    ),
  };
}

function thresholdChoice(text: string): ThresholdChoice {
  if (!text.startsWith("q")) return numberOption("--threshold", text);
  numberOption("The quantile of --threshold", text.slice(1), 0, 1);
  return text;
}
