import {
  distinctRows,
  fitDirections,
  heldOutSplit,
  type FitChoices,
  type FitTools,
} from "../engine/directions";
import type { LabelledCodes } from "../engine/labels";

/**
 * RFM's own C is 1. Codes are badly conditioned, and a smaller one asks fewer of the coordinates that hardly vary; which
 * one serves best is tried.
 */
const CANDIDATES = [0.03, 0.1, 0.3, 1];
/** The attributes that it is chosen by, and for all. */
const ATTRIBUTES = ["smile", "age", "gender"];
/** Share of the faces to train on that validates. */
const VALIDATION = 1 / 6;

/**
 * The C whose boundaries rank faces best (mean area under the ROC curve) that were kept back from the faces to train on. The
 * faces that test in the end take no part.
 *
 * @param tell is given a line for each candidate
 */
export async function chooseC(
  codes: LabelledCodes,
  choices: FitChoices,
  tools: FitTools,
  tell: (line: string) => void,
): Promise<number> {
  const { rows, dimension } = codes;
  const { train } = heldOutSplit(distinctRows(rows, dimension), choices.seed ?? 0, choices.train);
  const training = onlyFaces(codes, train);
  const count = Math.round(train.length * (1 - VALIDATION));
  let best = { C: CANDIDATES[0] ?? 1, auc: -1 };
  for (const C of CANDIDATES) {
    const trial = { ...choices, attributes: ATTRIBUTES, C, train: count, proof: false };
    const { documents } = await fitDirections(training, trial, tools);
    const auc = documents.reduce((sum, document) => sum + (document.auc ?? 0), 0) / documents.length;
    const each = documents.map((document) => `${document.attribute} ${document.auc?.toFixed(4) ?? "-"}`);
    tell(
      `C = ${C}: ${each.join(", ")}; mean ${auc.toFixed(4)} on ${train.length - count} faces to validate on`,
    );
    if (auc > best.auc) best = { C, auc };
  }
  return best.C;
}

function onlyFaces(codes: LabelledCodes, faces: Int32Array): LabelledCodes {
  const { rows, dimension, columns } = codes;
  const gathered = new Float32Array(faces.length * dimension);
  faces.forEach((face, at) => {
    gathered.set(rows.subarray(face * dimension, (face + 1) * dimension), at * dimension);
  });
  return {
    ...codes,
    rows: gathered,
    columns: columns.map((column) => ({
      ...column,
      scores: Float32Array.from(faces, (face) => column.scores[face] ?? NaN),
    })),
  };
}
