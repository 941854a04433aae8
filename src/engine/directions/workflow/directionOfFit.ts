import {
  RfmError,
  type DirectionDocument,
  type LayerRange,
  type LearningPoint,
  type RunBlock,
} from "../../files";
import type { LabelledCodes } from "../../labels";
import { boundaryOf, type AttributeExamples } from "./attributeExamples";
import { shapedVector } from "../editing/commonSpace";
import type { FitChoices } from "./fitChoices";
import type { Proof } from "./fitProof";
import type { BoundaryFit } from "../fitting/target";
import type { HeldOutSplit } from "../quality/heldOut";
import { histogramOf } from "../quality/histogram";
import { decisionsOf, judge, type Judgement } from "../quality/judge";
import { regressionQuality } from "../quality/regression";
import { accuracyOf, sigmaAlong } from "../quality/statistics";

/** What a document is made of besides the fit. */
export interface FitContext {
  readonly codes: LabelledCodes;
  readonly split: HeldOutSplit;
  readonly choices: FitChoices;
  readonly layers: LayerRange;
  readonly run: RunBlock;
}

/**
 * The direction of a fitted boundary with the proof of its quality.
 *
 * @throws RfmError("usage") where all coefficients are zero: a sentence without the attribute's name.
 */
export function directionOfFit(
  example: AttributeExamples,
  fit: BoundaryFit,
  proof: Proof | undefined,
  { codes, split, choices, layers, run }: FitContext,
): DirectionDocument {
  const { column, threshold, classes, train } = example;
  const { rows, dimension } = codes;
  const { penalty = "l1", C = 1, classWeight = null, seed = 0 } = choices;
  const boundary = boundaryOf(fit, example, penalty);
  const norm = Math.sqrt(boundary.weights.reduce((sum, w) => sum + w * w, 0));
  if (!(norm > 0)) {
    throw new RfmError(
      "usage",
      `At C = ${C} every coefficient is zero, so that there is no direction; raise C or label more faces.`,
    );
  }
  const vector = Float32Array.from(boundary.weights, (w) => w / norm);
  const decide = (faces: Int32Array): Float64Array => decisionsOf(rows, dimension, faces, boundary);
  const classesAt = (faces: Int32Array): Int8Array =>
    Int8Array.from(faces, (face) => classes[face] as number);
  const held = split.test.length === 0 ? undefined : decide(split.test);
  const heldClasses = classesAt(split.test);
  const judged = held && judge(held, heldClasses, seed);
  const positive = [...train, ...split.test].filter((face) => classes[face] === 1).length;
  const shape = codes.layers === undefined ? [dimension] : [codes.layers, dimension / codes.layers];
  const curve = withLast(proof?.learningCurve, train.length, judged);
  return {
    kind: "direction",
    version: 1,
    attribute: column.name,
    ...(column.group === undefined ? {} : { group: column.group }),
    model: codes.model,
    labelSet: codes.labelSet,
    space: codes.space ?? (codes.layers === undefined ? "w" : "w+"),
    shape,
    coefficientNorm: norm,
    // Of lasso the coefficients predict the score itself.
    intercept: penalty === "lasso" ? boundary.intercept + threshold : boundary.intercept,
    sigma: sigmaAlong(rows, dimension, vector),
    layers,
    threshold,
    solver: {
      penalty,
      C,
      classWeight,
      iterations: fit.iterations,
      objective: fit.objective,
      gap: fit.gap,
    },
    samples: {
      train: train.length,
      positive,
      test: split.test.length,
      ...(train.length < split.train.length ? { dropped: split.train.length - train.length } : {}),
    },
    accuracy: {
      train: accuracyOf(decide(train), classesAt(train)),
      ...(judged && { test: judged.accuracy, majority: judged.majority }),
      ...(judged && judged.roc.length > 0 ? { balanced: judged.balanced } : {}),
    },
    // With one class among the held-out faces there is nothing to rank.
    ...(judged && judged.roc.length > 0
      ? { auc: judged.auc, aucInterval: judged.aucInterval, roc: judged.roc }
      : {}),
    ...(held !== undefined && penalty === "lasso"
      ? {
          regression: regressionQuality(
            held.map((value) => value + threshold),
            scoresAt(example, split.test),
          ),
        }
      : {}),
    coefficients: { nonZero: fit.weights.filter((w) => w !== 0).length, of: dimension },
    ...(curve.length > 1 ? { learningCurve: curve } : {}),
    histogram: histogramOf(column.scores),
    ...(proof?.protocol === undefined ? {} : { protocol: proof.protocol }),
    vector: shapedVector(vector, shape),
    run,
  };
}

/** The curve with the fit itself as its last point. */
function withLast(
  curve: readonly LearningPoint[] | undefined,
  train: number,
  judged: Judgement | undefined,
): readonly LearningPoint[] {
  if (curve === undefined || judged === undefined) return [];
  const { accuracy, balanced, auc } = judged;
  return [...curve, { train, accuracy, balanced, auc }];
}

function scoresAt({ column }: AttributeExamples, faces: Int32Array): Float64Array {
  return Float64Array.from(faces, (face) => column.scores[face] as number);
}
