import { RfmError } from "../../files";
import {
  abs,
  add,
  averagePool,
  gradient,
  GraphBuilder,
  mul,
  reduceMean,
  reduceSum,
  sqrt,
  square,
  sub,
  type Graph,
  type Value,
} from "../../onnx";

/**
 * What the pixels count. RFM counts the mean squared error 5 times, in the whole picture and two middles of it that count
 * 0.375 and 0.625: with ten, one beta pulls as hard in both methods.
 */
export const PIXEL_WEIGHT = 10;

/** Share of the mean absolute difference beside the mean squared one: it sharpens what the square has made close. */
const ABSOLUTE_WEIGHT = 0.5;
/** The squared difference is taken again after each of so many halvings: large shapes and colours come right first. */
const HALVINGS = 2;
/** Keeps the slope of the norm finite at w = 0. */
const EPSILON = 1e-12;

/** What an inversion's graph is made of. */
export interface LossNetworks {
  /** `w` [1, L, D] -> `x` [1, 3, S, S]. */
  readonly synthesis: Graph;
  /** `x` [1, 3, S, S] -> `embedding` [1, E]; left out, the graph has no identity loss. */
  readonly identity?: Graph;
}

/**
 * One graph from w+ to everything that a step needs. Inputs: `w`, `target` [1, 3, S, S], `beta` [], and `weights`
 * [1, 1, S, S], what each pixel counts (1: whole, 0: not at all); with an identity net also `embedding` [1, E] and
 * `identityWeight` []. Outputs: the picture `x`, the parts of the loss (`pixel`,
 * `identity`, `norm`), their weighted sum `loss` and its gradient with respect to w:
 *
 *     10 pixel + identityWeight * |embedding(x) - embedding|^2 + beta * ||w||_2
 *
 * where pixel = mean d^2 + 0.5 * mean |d| + mean (P d)^2 + mean (PP d)^2, d = weights * (x - t), P being 2x2 averaging.
 */
export function inversionGraph({ synthesis, identity }: LossNetworks): Graph {
  const builder = new GraphBuilder("inversion");
  const w = builder.input("w", shapeOfInput(synthesis, "w"));
  const target = builder.input("target", shapeOf(synthesis, "x"));
  const x = output(builder.inline(synthesis, { w }), "x");
  const [, , height = 1, width = 1] = x.shape;
  const pixel = pixelLoss(mul(sub(x, target), builder.input("weights", [1, 1, height, width])));
  const norm = sqrt(add(total(square(w)), EPSILON));
  let loss = add(mul(pixel, PIXEL_WEIGHT), mul(norm, builder.input("beta", [])));
  if (identity !== undefined) {
    const wanted = builder.input("embedding", shapeOf(identity, "embedding"));
    const found = output(builder.inline(identity, { x }), "embedding");
    const distance = total(square(sub(found, wanted)));
    loss = add(loss, mul(distance, builder.input("identityWeight", [])));
    builder.output("identity", distance);
  }
  builder.output("x", x);
  builder.output("pixel", pixel);
  builder.output("norm", norm);
  builder.output("loss", loss);
  return gradient(builder.build(), "loss", ["w"]);
}

/** @param difference weighted, [1,3,S,S] */
export function pixelLoss(difference: Value): Value {
  let loss = add(mean(square(difference)), mul(mean(abs(difference)), ABSOLUTE_WEIGHT));
  let smaller = difference;
  for (let i = 0; i < HALVINGS; i++) {
    smaller = averagePool(smaller, { kernel: [2, 2], strides: [2, 2] });
    loss = add(loss, mean(square(smaller)));
  }
  return loss;
}

function mean(x: Value): Value {
  return reduceMean(x, axesOf(x), false);
}

function total(x: Value): Value {
  return reduceSum(x, axesOf(x), false);
}

function axesOf(x: Value): number[] {
  return x.shape.map((_, axis) => axis);
}

function shapeOf(graph: Graph, name: string): readonly number[] {
  const type = graph.types.get(name);
  if (type === undefined) throw missing(graph, name);
  return type.shape;
}

function shapeOfInput(graph: Graph, name: string): readonly number[] {
  const type = graph.inputs.get(name);
  if (type === undefined) throw missing(graph, name);
  return type.shape;
}

function output(outputs: Readonly<Record<string, Value>>, name: string): Value {
  const value = outputs[name];
  if (value === undefined)
    throw new RfmError("model", `A network has no output ${name}; get the model pack again.`);
  return value;
}

function missing(graph: Graph, name: string): RfmError {
  return new RfmError("model", `The network ${graph.name} has no ${name}; get the model pack again.`);
}
