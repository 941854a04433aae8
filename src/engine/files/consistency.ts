import type { Edit, LayerRange, Rows } from "./documents/common";
import type { DirectionDocument } from "./documents/direction";
import { type AnyDocument, type DocumentKind, KIND_NAMES } from "./documents/kinds";
import type { LabelsDocument } from "./documents/labels";
import type { LatentDocument } from "./documents/latent";
import { RfmError } from "./errors";

/** How far from 1 the length of a direction may be; float32 rounding stays far below it. */
const UNIT_TOLERANCE = 1e-3;

/**
 * Checks what a schema cannot say: that shapes are those of the numbers, ranges are in order and directions have
 * unit length.
 *
 * @throws RfmError ("document"): one sentence.
 */
export function checkConsistency(document: AnyDocument, name: string): void {
  const problem = findProblem(document);
  if (problem !== undefined) {
    throw new RfmError(
      "document",
      `${name} is no valid ${KIND_NAMES[document.kind]}: ${problem}; correct it, or make it again.`,
    );
  }
}

function findProblem(document: AnyDocument): string | undefined {
  switch (document.kind) {
    case "latent":
      return latentProblem(document);
    case "direction":
      return directionProblem(document);
    case "labels":
      return labelsProblem(document);
    case "recipe":
      return editsProblem(document.edits);
    default:
      return unknownKind(document);
  }
}

/** Makes a forgotten kind a compile error. */
function unknownKind(document: never): string {
  return `its kind ${(document as { kind: DocumentKind }).kind} is unknown`;
}

function latentProblem(document: LatentDocument): string | undefined {
  if (document.space !== "w+" && document.shape[0] !== 1) {
    return `a latent in ${document.space} has one row, but its shape says ${document.shape[0]}`;
  }
  const problem = rowsProblem("w", document.w, document.shape) ?? editsProblem(document.edits);
  if (problem !== undefined) return problem;
  for (const base of document.history ?? []) {
    const found = rowsProblem("history", base.w, document.shape) ?? editsProblem(base.edits);
    if (found !== undefined) return found;
  }
  return undefined;
}

function rowsProblem(what: string, rows: Rows, shape: readonly number[]): string | undefined {
  const [height = 0, width = 0] = shape;
  const said = `its shape says ${height} x ${width}`;
  if (rows.length !== height) return `"${what}" has ${rows.length} rows, but ${said}`;
  const row = rows.findIndex((numbers) => numbers.length !== width);
  if (row >= 0) return `row ${row} of "${what}" has ${rows[row]?.length ?? 0} numbers, but ${said}`;
  return undefined;
}

function directionProblem(document: DirectionDocument): string | undefined {
  const { vector, shape } = document;
  if (isRows(vector)) {
    if (shape.length !== 2) return `"vector" has rows, but its shape says ${shape.join(" x ")}`;
    const problem = rowsProblem("vector", vector, shape);
    if (problem !== undefined) return problem;
  } else if (shape.length !== 1 || shape[0] !== vector.length) {
    return `"vector" has ${vector.length} numbers, but its shape says ${shape.join(" x ")}`;
  }
  const length = Math.hypot(...(isRows(vector) ? vector.map((row) => Math.hypot(...row)) : vector));
  if (Math.abs(length - 1) > UNIT_TOLERANCE) {
    return `"vector" must have the length 1 but has ${length.toPrecision(4)}`;
  }
  return layersProblem(document.layers);
}

function isRows(vector: readonly number[] | Rows): vector is Rows {
  return Array.isArray(vector[0]);
}

function layersProblem([start, end]: LayerRange): string | undefined {
  return start > end ? `the layers ${start}:${end} end before they start` : undefined;
}

function editsProblem(edits: readonly Edit[]): string | undefined {
  for (const [index, edit] of edits.entries()) {
    const problem = layersProblem(edit.layers) ?? layerAmountsProblem(edit);
    if (problem !== undefined) return `in edit ${index}, ${problem}`;
  }
  return undefined;
}

function layerAmountsProblem({ layers: [start, end], layerAmounts }: Edit): string | undefined {
  if (layerAmounts === undefined || layerAmounts.length === end - start) return undefined;
  return `"layerAmounts" has ${layerAmounts.length} numbers for ${end - start} layers`;
}

function labelsProblem(document: LabelsDocument): string | undefined {
  const { seeds, count, shards } = document;
  if (seeds !== undefined) {
    const seedCount = "start" in seeds ? seeds.end - seeds.start : seeds.length;
    if (seedCount !== count) return `it has ${seedCount} seeds, but its count says ${count}`;
  }
  let end = 0;
  for (const shard of shards) {
    if (shard.start < end || shard.end <= shard.start) {
      return `the shard ${shard.start}-${shard.end} is out of order`;
    }
    end = shard.end;
  }
  return end > count ? `its shards reach to ${end}, but its count says ${count}` : undefined;
}
