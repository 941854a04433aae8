import { RfmError } from "../../files";
import { faceNetInput, RECOGNISER_SIZE } from "../../networks";
import {
  add,
  atBatch,
  concat,
  div,
  foldConstants,
  GraphBuilder,
  mul,
  reduceMean,
  reduceSum,
  reshape,
  slice,
  sqrt,
  square,
  sub,
  type Graph,
  type Value,
} from "../../onnx";
import type { ViewName } from "./crops";
import { SharedNetworks } from "./sharedNetworks";

const EPSILON = 1e-10;

/**
 * What stands in for LPIPS where no pack of it is installed: the same measure on the features of the face recognition
 * net, all channels counting alike. Each picture is brought to the net's 150 pixels; the net's last features of every
 * size are brought to unit length at each place, and their squared differences are averaged over places and sizes.
 *
 * All views are asked at once, so that there is one net for them.
 *
 * @param recogniser the net x [1,3,150,150] -> `embedding`.
 * @param sizes height and width of the pictures of each view.
 * @returns a graph `a VIEW`, `b VIEW` [1,3,h,w] in [-1,1] -> `distance VIEW` [1], from 0 to 2, see {@link viewInput}.
 */
export function recognitionDistances(
  recogniser: Graph,
  sizes: ReadonlyMap<ViewName, readonly [number, number]>,
): Graph {
  const views = [...sizes.keys()];
  const net = atBatch(withTaps(foldConstants(recogniser)), views.length);
  const builder = new GraphBuilder("recognition");
  const networks = new SharedNetworks(builder);
  const features = (picture: "a" | "b"): Value[] => {
    const [first, ...rest] = views.map((view) => {
      const x = builder.input(viewInput(picture, view), [1, 3, ...(sizes.get(view) ?? [0, 0])]);
      return faceNetInput(x, RECOGNISER_SIZE);
    });
    if (first === undefined) throw new RangeError("There is no view to compare.");
    return Object.values(networks.inline(net, { x: concat([first, ...rest], 0) }));
  };
  const [ofA, ofB] = [features("a"), features("b")];
  const distances = ofA.map((feature, i) => {
    const difference = sub(unitLength(feature), unitLength(ofB[i] ?? feature));
    return reduceMean(reduceSum(square(difference), [1]), [1, 2, 3], false);
  });
  const [first, ...rest] = distances;
  if (first === undefined)
    throw new RfmError("model", "The recognition net has no features; build the packs again.");
  const means = mul(rest.reduce(add, first), 1 / distances.length);
  views.forEach((view, at) => {
    builder.output(`distance ${view}`, reshape(slice(means, 0, at, at + 1), [1]));
  });
  return builder.build();
}

/** What an input of {@link recognitionDistances} is called. */
export function viewInput(picture: "a" | "b", view: ViewName): string {
  return `${picture} ${view}`;
}

/** The net with its last activations of every size as outputs, largest first. */
function withTaps(net: Graph): Graph {
  const taps = new Map<number, string>();
  for (const { operator, outputs } of net.nodes) {
    const [name = ""] = outputs;
    const shape = net.types.get(name)?.shape ?? [];
    if (operator === "Relu" && shape.length === 4) taps.set(shape[2] ?? 0, name);
  }
  return { ...net, outputs: [...taps.values()] };
}

function unitLength(x: Value): Value {
  return div(x, add(sqrt(add(reduceSum(square(x), [1]), EPSILON ** 2)), EPSILON));
}
