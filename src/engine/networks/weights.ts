import { RfmError } from "../files";
import { cast, formatShape, mul, type GraphBuilder, type Tensor, type Value } from "../onnx";

/** Named weights of a network, as float16 or float32. */
export type Weights = ReadonlyMap<string, Tensor>;

/** A size that a weight must have; undefined where any will do. */
export type ExpectedSize = number | undefined;

/** The weight of this name. @throws RfmError("model") where it is missing. */
export function weightOf(weights: Weights, name: string): Tensor {
  const tensor = weights.get(name);
  if (tensor === undefined) {
    throw new RfmError(
      "model",
      `The checkpoint has no tensor ${name}; use a checkpoint of this architecture.`,
    );
  }
  return tensor;
}

/**
 * The sizes of a weight, checked against those that are known already: a network takes its sizes from its
 * weights alone.
 *
 * @throws RfmError("model") where the weight is missing or has another shape.
 */
export function sizesOf<const Sizes extends readonly ExpectedSize[]>(
  weights: Weights,
  name: string,
  expected: Sizes,
): { [Axis in keyof Sizes]: number } {
  const { shape } = weightOf(weights, name);
  const fits =
    shape.length === expected.length &&
    shape.every((size, axis) => size > 0 && (expected[axis] ?? size) === size);
  if (!fits) {
    const wanted = expected.map((size) => size ?? "any").join(",");
    throw new RfmError(
      "model",
      `The tensor ${name} has the shape ${formatShape(shape)} where [${wanted}] is wanted; check the checkpoint.`,
    );
  }
  return shape as { [Axis in keyof Sizes]: number };
}

/**
 * A weight as a float32 value of the graph, times a factor. A float16 weight stays float16 in the file: the
 * conversion is part of the graph and folded when it is loaded.
 */
export function weightValue(builder: GraphBuilder, weights: Weights, name: string, factor = 1): Value {
  const tensor = weightOf(weights, name);
  const stored = builder.initializer(name, tensor);
  const value = tensor.type === "float32" ? stored : cast(stored, "float32");
  return factor === 1 ? value : mul(value, factor);
}
