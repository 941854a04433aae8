import { RfmError } from "../../files";
import { add, gradient, GraphBuilder, mul, sub, type Graph, type Value } from "../../onnx";
import {
  imageLoss,
  latentLoss,
  SharedNetworks,
  type LossCoefficients,
  type PerceptualGraphs,
  type Reencoded,
} from "../losses";
import type { TrainableEncoder } from "./encoderWeights";
import type { Optimised } from "./options";

/** The networks that RFM's inversion runs through. */
export interface RfmNetworks {
  /** `w` [1,L,D] -> `x` [1,3,S,S]. */
  readonly synthesis: Graph;
  /** x -> `w` and perhaps `const`; without one only the code itself can be optimised. */
  readonly encoder?: TrainableEncoder | undefined;
  readonly perceptual: PerceptualGraphs;
}

/** Names of the two losses that are differentiated, and of their sum. */
export const IMAGE = "image";
export const LATENT = "latent";
export const TOTAL = "total";
/** What each pixel counts. */
export const WEIGHTS = "weights";
/** The code that is optimised, an input where the encoder is not. */
export const CODE = "w";
/** The photo's 4x4 features, an input where the code is optimised and the encoder gives any. */
export const FEATURES = "const";

/** How a graph of RFM's losses differs from that of RFM's own iteration. */
export interface RfmGraphOptions {
  /** One gradient, that of the sum, instead of one for each of the two losses: half the way back. */
  readonly together?: boolean;
  /** `weights` [1,1,S,S] is an input: where it is 0, the picture counts as equal to the photo. */
  readonly weighted?: boolean;
  /** Further outputs, made of the weighted difference [1,3,S,S] of picture and photo. */
  readonly observe?: (difference: Value) => Readonly<Record<string, Value>>;
}

/**
 * One graph for an iteration of RFM: from the photo `target` [1,3,S,S] and what is optimised to both losses and their
 * gradients at the same point, taken from one pass forward:
 *
 * - `encoder`: w, c = E(target); its weights are inputs ({@link weightName}), w is the output `code`.
 * - `latent`: `w` is an input, and c the input `const`.
 *
 * Then x = G(w), w2, c2 = E(x), the image loss of target and x, and the latent loss of w, w2, c and c2. Outputs: `x`, the
 * losses `image` and `latent`, their sum `total`, and their unweighted parts.
 *
 * RFM's own program runs backwards through the latent loss after the first step has changed the weights in place, so
 * that its second gradient mixes activations of before with weights of after; here it is the true derivative.
 */
export function rfmGraph(
  networks: RfmNetworks,
  optimised: Optimised,
  coefficients: LossCoefficients,
  { together = false, weighted = false, observe = () => ({}) }: RfmGraphOptions = {},
): Graph {
  const { synthesis, encoder, perceptual } = networks;
  const builder = new GraphBuilder("RFM inversion");
  const shared = new SharedNetworks(builder);
  const target = builder.input("target", shapeOf(synthesis, "x"));
  const trained = new Map<string, Value>();
  if (optimised === "encoder") {
    for (const [name, { shape }] of encoder?.weights ?? []) {
      trained.set(name, builder.input(weightName(name), shape));
    }
  }
  const encode = (x: Value): Partial<Record<string, Value>> | undefined =>
    encoder && shared.inline(encoder.graph, { x }, trained);
  const photo = optimised === "encoder" ? encode(target) : undefined;
  const w = photo?.["w"] ?? builder.input(CODE, shapeOf(synthesis, "w"));
  const x = required(shared.inline(synthesis, { w }), "x");
  const seen = weighted ? add(target, mul(sub(x, target), weightsOf(builder, x))) : x;
  const image = imageLoss(target, seen, coefficients, shared, perceptual);
  const latent = latentLoss(w, coefficients.latent > 0 ? reencoded() : undefined, coefficients);

  builder.output("x", x);
  if (optimised === "encoder") builder.output("code", w);
  for (const [name, part] of Object.entries({ ...image.parts, ...latent?.parts })) {
    builder.output(partName(name), part);
  }
  builder.output(IMAGE, image.total);
  if (latent !== undefined) builder.output(LATENT, latent.total);
  for (const [name, value] of Object.entries(observe(sub(seen, target)))) builder.output(name, value);
  builder.output(TOTAL, latent === undefined ? image.total : add(image.total, latent.total));
  const sources = optimised === "encoder" ? [...trained.keys()].map(weightName) : [CODE];
  if (together) return gradient(builder.build(), TOTAL, sources);
  const first = gradient(builder.build(), IMAGE, sources);
  return latent === undefined ? first : gradient(first, LATENT, sources);

  function reencoded(): Reencoded | undefined {
    const again = encode(x);
    if (again === undefined) return undefined;
    const picture = again["const"];
    const features = picture && {
      photo: photo?.["const"] ?? builder.input(FEATURES, picture.shape),
      picture,
    };
    return { w: required(again, "w"), ...(features && { features }) };
  }
}

/** What the output of an unweighted part is called: a loss's own name may be an input's. */
export function partName(part: string): string {
  return `part ${part}`;
}

/** What the input of an encoder's weight is called. */
export function weightName(weight: string): string {
  return `weight ${weight}`;
}

function weightsOf(builder: GraphBuilder, { shape }: Value): Value {
  const [, , height = 1, width = 1] = shape;
  return builder.input(WEIGHTS, [1, 1, height, width]);
}

function required(outputs: Readonly<Partial<Record<string, Value>>>, name: string): Value {
  const value = outputs[name];
  if (value === undefined)
    throw new RfmError("model", `A network gives no ${name}; get the model pack again.`);
  return value;
}

function shapeOf(graph: Graph, name: string): readonly number[] {
  const type = graph.types.get(name);
  if (type === undefined)
    throw new RfmError("model", `The network ${graph.name} has no ${name}; get the model pack again.`);
  return type.shape;
}
