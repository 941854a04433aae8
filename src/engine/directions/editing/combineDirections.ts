import { RfmError, type DirectionDocument, type RunBlock } from "../../files";
import type { Direction } from "../direction";
import { lengthOf, minus } from "../vectors";
import { inCommonSpace, shapedVector, type CommonModel } from "./commonSpace";

/** A direction and how many of its sigma go into a sum. */
export interface Weighted {
  readonly direction: Direction;
  readonly weight: number;
}

export interface NewDirection {
  readonly name: string;
  readonly run: RunBlock;
}

/**
 * The weighted sum of directions. An edit along it by amount 1 does what edits along each by its weight do together, so
 * that a single one with weight -1 is that direction turned round.
 *
 * @throws RfmError("usage") where they do not fit together (see {@link inCommonSpace}) or cancel each other.
 */
export function combineDirections(
  parts: readonly Weighted[],
  model: CommonModel,
  { name, run }: NewDirection,
): DirectionDocument {
  const { space, shape, layers, steps } = inCommonSpace(
    parts.map(({ direction }) => direction),
    model,
  );
  const weights = parts.map(({ weight }) => weight);
  const nothing = new Float64Array(steps[0]?.length ?? 0);
  const sum = minus(
    nothing,
    weights.map((weight) => -weight),
    steps,
  );
  const length = lengthOf(sum);
  const longest = Math.max(...steps.map((step, k) => Math.abs(weights[k] ?? 0) * lengthOf(step)));
  if (!(length > 1e-6 * longest)) {
    throw new RfmError(
      "usage",
      `The sum is nothing, so ${name} would be no direction; choose other weights.`,
    );
  }
  return {
    kind: "direction",
    version: 1,
    attribute: name,
    model: { name: model.name, sha256: model.sha256 },
    space,
    shape,
    // Without a sigma a direction's amounts are raw lengths; those of a sum have a unit of their own.
    sigma: length,
    layers,
    vector: shapedVector(
      sum.map((value) => value / length),
      shape,
    ),
    run,
  };
}
