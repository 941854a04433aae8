import { RfmError } from "../../files";
import { concat, gather, GraphBuilder, resizeNearest, slice, type Graph, type Value } from "../../onnx";
import { celebaClassifierGraph } from "./graph";
import { classifierShape, type CelebaClassifier } from "./weights";

/** An ONNX file cannot be larger; some room is left for everything but the weights. */
export const LARGEST_GRAPH = 2 ** 31 - 2 ** 24;

/**
 * Several classifiers as one graph x [1,3,S,S] in [-1,1] -> `scores` [1,A], raw logits in the order given, for any batch.
 * Forty of the published size are more than one ONNX file can hold: {@link classifierGroups} says how to part them.
 *
 * @param side of the pictures; those of another size than the classifiers' are resized as RFM does it, to the nearest
 * pixel. Default: the classifiers' own size.
 * @throws RfmError("model") where they take pictures of different sizes, RfmError("usage") where there are none.
 */
export function classifierScores(classifiers: readonly CelebaClassifier[], side?: number): Graph {
  const graphs = classifiers.map(celebaClassifierGraph);
  const sizes = new Set(classifiers.map(({ weights }) => classifierShape(weights).resolution));
  const [size] = sizes;
  if (size === undefined) throw new RfmError("usage", "No classifiers were given; name at least one.");
  if (sizes.size > 1) {
    throw new RfmError(
      "model",
      `The classifiers take pictures of ${[...sizes].join(" and ")} pixels; use classifiers of one size.`,
    );
  }
  const builder = new GraphBuilder("scores");
  const x = nearestResized(builder.input("x", [1, 3, side ?? size, side ?? size]), size);
  const logits = graphs.map((graph, index) => {
    const { logit } = builder.inline(graph, { x }, `classifier${index}`);
    if (logit === undefined) throw new RfmError("model", "A classifier gives no logit; import it again.");
    return logit;
  });
  const [first, ...rest] = logits;
  if (first === undefined) throw new RfmError("usage", "No classifiers were given; name at least one.");
  builder.output("scores", concat([first, ...rest], 1));
  return builder.build();
}

/** The classifiers in their order, parted so that each part fits in one ONNX file. */
export function classifierGroups<T extends CelebaClassifier>(
  classifiers: readonly T[],
  largest = LARGEST_GRAPH,
): T[][] {
  const groups: T[][] = [];
  let room = 0;
  for (const classifier of classifiers) {
    const bytes = [...classifier.weights.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
    const last = groups.at(-1);
    if (last === undefined || bytes > room) {
      groups.push([classifier]);
      room = largest - bytes;
    } else {
      last.push(classifier);
      room -= bytes;
    }
  }
  return groups;
}

/**
 * Square pictures at another size by taking the nearest pixel up and left, as `interpolate(mode="nearest")` of PyTorch
 * does it: [n,c,from,from] -> [n,c,size,size].
 */
export function nearestResized(x: Value, size: number): Value {
  const [, , from = size] = x.shape;
  if (from === size) return x;
  if (Number.isInteger(size / from)) return resizeNearest(x, size / from);
  const step = from / size;
  if (Number.isInteger(step)) return slice(slice(x, 2, 0, from, step), 3, 0, from, step);
  const scale = Math.fround(step);
  const at = Array.from({ length: size }, (_, i) => Math.min(Math.floor(Math.fround(i * scale)), from - 1));
  return gather(gather(x, at, 2), at, 3);
}
