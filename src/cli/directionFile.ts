import type { DirectionDocument } from "../engine/files";
import type { Column, LabelledCodes } from "../engine/labels";
import type { DirectionFit } from "../engine/directions";

/** The document of a fitted direction. */
export function directionDocument(
  codes: LabelledCodes,
  column: Column,
  fit: DirectionFit,
  rest: Pick<DirectionDocument, "layers" | "run"> & { readonly threshold: number },
): DirectionDocument {
  const { test, train } = fit;
  return {
    kind: "direction",
    version: 1,
    attribute: column.name,
    ...(column.group === undefined ? {} : { group: column.group }),
    model: codes.model,
    labelSet: codes.labelSet,
    space: "w",
    shape: [fit.vector.length],
    vector: Array.from(fit.vector),
    coefficientNorm: fit.coefficientNorm,
    intercept: fit.intercept,
    sigma: fit.sigma,
    solver: fit.solver,
    samples: fit.samples,
    accuracy: {
      train: train.accuracy,
      ...(test === undefined
        ? {}
        : { test: test.accuracy, balanced: test.balanced, majority: test.majority }),
    },
    ...(test === undefined ? {} : { auc: test.auc }),
    ...rest,
  };
}

/** What the result tells of a direction. */
export function summary({ test, train, samples, sigma, solver }: DirectionFit): object {
  return { samples, sigma, gap: solver.gap, accuracy: (test ?? train).accuracy, auc: (test ?? train).auc };
}

/** The same for people. */
export function sentence({ test, train, samples }: DirectionFit): string {
  const judged = test ?? train;
  const where = test === undefined ? "on the training faces" : `on ${samples.test} held-out faces`;
  return `${percent(judged.accuracy)} right ${where} (majority ${percent(judged.majority)}), AUC ${judged.auc.toFixed(3)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** Attribute names become file names: anything unusual is replaced. */
export function fileName(attribute: string): string {
  return attribute.replace(/[^\p{L}\p{N}._+-]+/gu, "-").replace(/^\.+/, "") || "attribute";
}
