import type { DirectionDocument, RunBlock } from "../../files";
import { dot, lengthOf } from "../vectors";
import type { Direction } from "../direction";
import { inCommonSpace, shapedVector, type CommonModel } from "./commonSpace";
import { keptFigures } from "./keptFigures";
import { orthogonaliseAlike, orthogonaliseInOrder } from "./orthogonalise";

/**
 * Makes directions orthogonal to one another: all of them give way alike, or each one to those before it. Figures that told
 * of the vectors before are left out, and the boundary's kept.
 *
 * @param order `alike` for the nearest orthogonal vectors (Loewdin), `given` for Gram and Schmidt
 * @param sigmaAlong standard deviation of the model's codes along a vector in w or w+
 * @throws RfmError("usage") where they do not fit together or one is a sum of others.
 */
export function orthogonaliseDirections(
  directions: readonly Direction[],
  model: CommonModel,
  order: "alike" | "given",
  { run, sigmaAlong }: { readonly run: RunBlock; readonly sigmaAlong: (vector: Float64Array) => number },
): DirectionDocument[] {
  const { space, shape, layers, steps } = inCommonSpace(directions, model);
  const vectors = order === "alike" ? orthogonaliseAlike(steps) : orthogonaliseInOrder(steps);
  return directions.map(({ document }, k) => {
    const vector = vectors[k] ?? new Float64Array();
    const step = steps[k] ?? new Float64Array();
    // The unit stays that of the label set: only the share by which codes spread more or less along the new vector changes.
    const ratio = space === "z" ? 1 : (sigmaAlong(vector) / sigmaAlong(step)) * lengthOf(step);
    return {
      ...keptFigures(document),
      space,
      shape,
      layers,
      sigma: lengthOf(step) * ratio,
      conditioning: {
        method: "projection",
        on: directions.filter((_, other) => other !== k).map((other) => other.document.attribute),
        cosine: dot(vector, step) / lengthOf(step),
      },
      vector: shapedVector(vector, shape),
      run,
    };
  });
}
