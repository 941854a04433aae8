import { RfmError, type DirectionDocument, type Edit, type ModelReference, type RunBlock } from "../../files";
import { spaceOfCodes } from "../../latents";
import { applyEdits } from "./applyEdits";

/** What the new direction is called, whose it is and how it came to be. */
export interface CombineOptions {
  readonly name: string;
  readonly model: ModelReference & { readonly layers: number; readonly wDimension: number };
  readonly run: RunBlock;
}

/**
 * The sum of edits as one direction in w+: its unit of amounts is the length of the sum, so that amount 1 does
 * what the edits do together.
 *
 * @throws RfmError("usage") where the edits cancel each other or do nothing.
 */
export function combineEdits(
  edits: readonly Edit[],
  { name, model, run }: CombineOptions,
): DirectionDocument {
  const { layers, wDimension } = model;
  const sum = applyEdits(new Float32Array(layers * wDimension), layers, wDimension, edits);
  const length = Math.hypot(...sum);
  const rows = Array.from({ length: layers }, (_, layer) =>
    Array.from(sum.subarray(layer * wDimension, (layer + 1) * wDimension), (value) => value / length),
  );
  const touched = rows.flatMap((row, layer) => (row.some((value) => Math.abs(value) > 0) ? [layer] : []));
  const [first] = touched;
  const last = touched.at(-1);
  if (first === undefined || last === undefined) {
    throw new RfmError(
      "usage",
      `The edits move nothing, so ${name} would be no direction; set an amount first.`,
    );
  }
  return {
    kind: "direction",
    version: 1,
    attribute: name,
    model: { name: model.name, sha256: model.sha256 },
    space: spaceOfCodes(model),
    shape: [layers, wDimension],
    sigma: length,
    layers: [first, last + 1],
    vector: rows,
    run,
  };
}
