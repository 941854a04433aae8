import { RfmError, throwIfCancelled, type DirectionDocument, type LayerRange } from "../../files";
import type { LabelledCodes } from "../../labels";
import { chooseColumns, examplesOf, targetOf, type AttributeExamples } from "./attributeExamples";
import { directionOfFit } from "./directionOfFit";
import type { FitChoices, FitFailure, FitTools, FittedDirections } from "./fitChoices";
import { prove, type FittedExample } from "./fitProof";
import { measureDirections } from "./measureDirections";
import { withFitter, type BoundaryOptions } from "../fitting/fitBoundaries";
import { distinctRows, heldOutSplit } from "../quality/heldOut";

/** RFM's own: the coarse layers, where pose, shape and expression live. */
const DEFAULT_LAYERS: LayerRange = [0, 4];

/**
 * Fits one direction per attribute of labelled codes and proves its quality on faces that are held out, the same for all
 * attributes. An attribute that cannot be fitted becomes a failure, and the others are fitted all the same.
 *
 * @throws RfmError("usage") where no attribute could be fitted for any choice: codes that are not finite, no such number of
 *   faces to train on.
 * @throws CancelledError
 */
export async function fitDirections(
  codes: LabelledCodes,
  choices: FitChoices,
  tools: FitTools,
): Promise<FittedDirections> {
  const { rows, dimension } = codes;
  const n = countOf(codes);
  const faces = distinctRows(rows, dimension);
  const split = heldOutSplit(faces, choices.seed ?? 0, choices.train);
  const warnings = warningsOf(n, faces.length, dimension);
  const { chosen, failures: unknown } = chooseColumns(codes.columns, choices.attributes);
  const failures: FitFailure[] = [...unknown];
  const examples: AttributeExamples[] = [];
  for (const column of chosen) {
    const found = examplesOf(column, n, split, choices);
    if (typeof found === "string") failures.push({ attribute: column.name, message: found });
    else examples.push(found);
  }
  const layerCount = codes.layers ?? tools.model?.layers ?? DEFAULT_LAYERS[1];
  const context = { codes, split, choices, layers: layersOf(codes, choices, layerCount), run: tools.run };
  const targets = examples.map((example) => targetOf(example, example.train, choices.penalty, n));
  const { fitted, proofs } = await withFitter(
    rows,
    dimension,
    boundaryOptions(codes, choices, tools, "fit"),
    async (fit) => {
      const fits = await fit(targets, boundaryOptions(codes, choices, tools, "fit"));
      const found = examples.flatMap((example, k): FittedExample[] => {
        const one = fits[k];
        if (one !== undefined && !(one instanceof RfmError)) return [{ example, fit: one }];
        failures.push({ attribute: example.column.name, message: one?.message ?? "It was not fitted." });
        return [];
      });
      const proved =
        choices.proof === false
          ? []
          : await prove(codes, found, split, choices, fit, boundaryOptions(codes, choices, tools, "proof"));
      return { fitted: found, proofs: proved };
    },
  );
  const documents: DirectionDocument[] = [];
  for (const [k, { example, fit }] of fitted.entries()) {
    throwIfCancelled(tools.signal);
    try {
      const document = directionOfFit(example, fit, proofs[k], context);
      documents.push(document);
      await tools.onDocument?.(document);
    } catch (error) {
      if (!(error instanceof RfmError) || error.code !== "usage") throw error;
      failures.push({ attribute: example.column.name, message: error.message });
    }
  }
  return { documents: await measured(codes, documents, choices, tools, warnings), failures, warnings };
}

/** The documents with their effects, where those shall be measured and can be. */
async function measured(
  codes: LabelledCodes,
  documents: readonly DirectionDocument[],
  { measure, layers }: FitChoices,
  tools: FitTools,
  warnings: string[],
): Promise<readonly DirectionDocument[]> {
  const { model, scorer } = tools;
  if (measure === undefined || model === undefined || scorer === undefined) return documents;
  const known = new Set(scorer.attributes.map(({ name }) => name));
  const measurable = documents.filter(({ attribute }) => known.has(attribute));
  if (measurable.length < documents.length) {
    const names = documents.map(({ attribute }) => attribute).filter((name) => !known.has(name));
    warnings.push(
      `The scorer ${scorer.name} does not score ${names.join(", ")}, so that the effect of such edits is not measured; give the scorer that made the labels.`,
    );
  }
  const done = await measureDirections(
    measurable,
    codes,
    layers === "measured" ? "measured" : "kept",
    measure,
    { ...tools, model, scorer },
  );
  const byAttribute = new Map(done.map((document) => [document.attribute, document]));
  return documents.map((document) => byAttribute.get(document.attribute) ?? document);
}

function countOf({ rows, dimension }: LabelledCodes): number {
  const n = rows.length / dimension;
  if (!Number.isInteger(n) || n === 0) {
    throw new RfmError(
      "usage",
      `${rows.length} numbers are no codes of ${dimension} each; give at least two codes with their labels.`,
    );
  }
  for (let at = 0; at < rows.length; at++) {
    if (Number.isFinite(rows[at])) continue;
    throw new RfmError(
      "usage",
      `The codes hold NaN or infinity, first in row ${Math.floor(at / dimension)}; label those faces again.`,
    );
  }
  return n;
}

function warningsOf(n: number, distinct: number, dimension: number): string[] {
  const warnings: string[] = [];
  if (distinct < n) {
    warnings.push(
      `${n - distinct} of ${n} codes repeat an earlier one and are left out, so that no face is both trained on and held out.`,
    );
  }
  if (distinct < dimension) {
    warnings.push(
      `${distinct} faces are fewer than the ${dimension} coordinates of a code: anything can be learnt by heart, so look at the held-out figures and label more faces.`,
    );
  }
  return warnings;
}

function layersOf(codes: LabelledCodes, { layers }: FitChoices, count: number): LayerRange {
  const [start, end] =
    layers === undefined || layers === "measured"
      ? codes.layers === undefined
        ? DEFAULT_LAYERS
        : [0, codes.layers]
      : layers;
  return [Math.min(start, count), Math.min(end, count)];
}

function boundaryOptions(
  { layers }: LabelledCodes,
  { penalty = "l1", C = 1, classWeight = null }: FitChoices,
  { runtime, signal, onProgress }: FitTools,
  phase: "fit" | "proof",
): BoundaryOptions {
  return {
    penalty: penalty === "lasso" ? "l1" : penalty,
    C,
    classWeight,
    signal,
    layers: layers ?? 1,
    runtime,
    onProgress: (done, total) => onProgress?.({ phase, done, total }),
  };
}
