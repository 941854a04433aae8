import { RfmError, type LearningPoint, type ProtocolRecord } from "../../files";
import type { LabelledCodes } from "../../labels";
import { boundaryOf, targetOf, type AttributeExamples } from "./attributeExamples";
import type { FitChoices } from "./fitChoices";
import { fitBoundaries, type BoundaryOptions, type Fit } from "../fitting/fitBoundaries";
import type { BoundaryFit } from "../fitting/target";
import { withoutMiddle } from "../quality/examples";
import type { HeldOutSplit } from "../quality/heldOut";
import { decisionsOf } from "../quality/judge";
import { accuracyOf, separation } from "../quality/statistics";

/** Faces that learning curves are fitted on, as far as there are so many. */
const CURVE = [1000, 2000, 4000, 8000, 12_000];
/** RFM trained on the first 8,000 of its faces. */
const PROTOCOL_FACES = 8000;
const PROTOCOL_SHARE = 0.8;

/** An attribute with its fit. */
export interface FittedExample {
  readonly example: AttributeExamples;
  readonly fit: BoundaryFit;
}

/** What is known of a fit beyond itself: how more faces helped, and RFM's own figure. */
export interface Proof {
  readonly learningCurve: readonly LearningPoint[];
  readonly protocol?: ProtocolRecord;
}

/**
 * Fits anew on the first 1,000, 2,000, 4,000, 8,000 and 12,000 faces to train on, judged on the same held-out faces; and by
 * RFM's protocol: L1 with C = 1 on the first 8,000 faces of the label set (at most four fifths), judged on those very faces
 * and on all the rest.
 *
 * @param fitted attributes with their fits, near which the others begin
 * @param fit fits to the codes of the label set
 * @param options of the fits; `onProgress` counts all these fits together
 */
export async function prove(
  codes: LabelledCodes,
  fitted: readonly FittedExample[],
  split: HeldOutSplit,
  choices: FitChoices,
  fit: Fit,
  options: BoundaryOptions,
): Promise<readonly Proof[]> {
  const sizes = split.test.length === 0 ? [] : CURVE.filter((size) => size < split.train.length);
  const total = (sizes.length + 1) * fitted.length;
  const examples = fitted.map(({ example }) => example);
  const start = fitted.map((one) => one.fit.weights);
  const counted = (round: number): BoundaryOptions => ({
    ...options,
    start,
    onProgress: (done) => options.onProgress?.(round * examples.length + done, total),
  });
  const curves: LearningPoint[][] = examples.map(() => []);
  for (const [round, size] of sizes.entries()) {
    const points = await curvePoints(codes, examples, split, size, choices, counted(round));
    points.forEach((point, k) => {
      if (point !== undefined) curves[k]?.push(point);
    });
  }
  const protocols = await byProtocol(codes, examples, fit, counted(sizes.length), choices);
  return examples.map((_, k) => {
    const protocol = protocols[k];
    return { learningCurve: curves[k] ?? [], ...(protocol === undefined ? {} : { protocol }) };
  });
}

/** @returns undefined for attributes that have one class only among so few faces */
async function curvePoints(
  { rows, dimension }: LabelledCodes,
  examples: readonly AttributeExamples[],
  split: HeldOutSplit,
  size: number,
  choices: FitChoices,
  options: BoundaryOptions,
): Promise<(LearningPoint | undefined)[]> {
  const first = split.train.slice(0, size).sort();
  const gathered = new Float32Array(size * dimension);
  const places = new Map<number, number>();
  first.forEach((face, place) => {
    gathered.set(rows.subarray(face * dimension, (face + 1) * dimension), place * dimension);
    places.set(face, place);
  });
  const taking = examples.map(({ column, threshold }) =>
    withoutMiddle(column.scores, threshold, first, choices.dropMiddle ?? 0),
  );
  const targets = examples.map((example, k) =>
    targetOf(example, taking[k] ?? first, choices.penalty, size, (face) => places.get(face) ?? 0),
  );
  const fits = await fitBoundaries(gathered, dimension, targets, options);
  return examples.map((example, k) => {
    const fit = fits[k];
    if (fit === undefined || fit instanceof RfmError) return undefined;
    const decisions = decisionsOf(rows, dimension, split.test, boundaryOf(fit, example, choices.penalty));
    const labels = Array.from(split.test, (face) => example.classes[face] === 1);
    const { accuracy, balanced, auc } = separation(decisions, labels);
    return { train: taking[k]?.length ?? size, accuracy, balanced, auc };
  });
}

async function byProtocol(
  { rows, dimension }: LabelledCodes,
  examples: readonly AttributeExamples[],
  fit: Fit,
  options: BoundaryOptions,
  { penalty = "l1" }: FitChoices,
): Promise<(ProtocolRecord | undefined)[]> {
  const n = rows.length / dimension;
  const count = Math.min(PROTOCOL_FACES, Math.ceil(n * PROTOCOL_SHARE));
  const all = Int32Array.from({ length: n }, (_, face) => face);
  const [first, rest] = [all.subarray(0, count), all.subarray(count)];
  const { start, ...others } = options;
  const fits = await fit(
    examples.map((example) => targetOf(example, first, "l1", n)),
    // Only a fit of the same kind is near.
    { ...others, ...(penalty === "l1" ? { start } : {}), penalty: "l1", C: 1, classWeight: null },
  );
  return examples.map(({ classes }, k) => {
    const found = fits[k];
    if (found === undefined || found instanceof RfmError) return undefined;
    const accuracyOn = (faces: Int32Array): number =>
      accuracyOf(
        decisionsOf(rows, dimension, faces, found),
        Int8Array.from(faces, (face) => classes[face] as number),
      );
    return {
      train: count,
      accuracy: { train: accuracyOn(first), ...(rest.length === 0 ? {} : { rest: accuracyOn(rest) }) },
    };
  });
}
