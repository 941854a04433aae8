import { RfmError } from "../../files";
import { faceNetInput, RECOGNISER_SIZE } from "../../networks";
import {
  add,
  div,
  foldConstants,
  GraphBuilder,
  mul,
  reduceMean,
  reduceSum,
  reshape,
  sqrt,
  square,
  sub,
  type Graph,
  type Value,
} from "../../onnx";
import { SharedNetworks } from "./sharedNetworks";

const EPSILON = 1e-10;

/**
 * What stands in for LPIPS where no pack of it is installed: the same measure on the features of the face recognition
 * net, all channels counting alike. Each picture is brought to the net's 150 pixels; the net's last features of every
 * size are brought to unit length at each place, and their squared differences are averaged over places and sizes.
 *
 * @param recogniser the net x [1,3,150,150] -> `embedding`.
 * @param size height and width of the pictures.
 * @returns a graph a, b [1,3,h,w] in [-1,1] -> `distance` [1], from 0 to 2.
 */
export function recognitionDistance(recogniser: Graph, size: readonly [number, number]): Graph {
  const net = withTaps(foldConstants(recogniser));
  const builder = new GraphBuilder("recognition");
  const networks = new SharedNetworks(builder);
  const features = (name: string): Value[] => {
    const x = faceNetInput(builder.input(name, [1, 3, ...size]), RECOGNISER_SIZE);
    return Object.values(networks.inline(net, { x }));
  };
  const [ofA, ofB] = [features("a"), features("b")];
  const distances = ofA.map((feature, i) => {
    const difference = sub(unitLength(feature), unitLength(ofB[i] ?? feature));
    return reduceMean(reduceSum(square(difference), [1]), [1, 2, 3], false);
  });
  const [first, ...rest] = distances;
  if (first === undefined)
    throw new RfmError("model", "The recognition net has no features; build the packs again.");
  builder.output("distance", reshape(mul(rest.reduce(add, first), 1 / distances.length), [1]));
  return builder.build();
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
