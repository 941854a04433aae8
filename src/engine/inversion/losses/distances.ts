import { abs, add, div, exp, logSoftmax, mul, pow, sqrt, square, sub, type Value } from "../../onnx";
import { mean, total } from "./sums";

/** Keeps the slope of a length finite at zero; shows in no length above 1e-4. */
const EPSILON = 1e-12;

/** Mean squared difference. */
export function meanSquaredError(a: Value, b: Value): Value {
  return mean(square(sub(a, b)));
}

/**
 * Kullback-Leibler divergence of the softmax of b from that of a, as RFM takes it: over the channels (axis 1) of
 * pictures and features, the mean over **all** numbers (PyTorch's `KLDivLoss` with its default reduction), not over
 * the distributions. By logarithms of softmax it needs no guard against log 0.
 *
 * @param a the truth [n,c,h,w].
 * @param b [n,c,h,w].
 */
export function softmaxDivergence(a: Value, b: Value): Value {
  const truth = logSoftmax(a, 1);
  return mean(mul(exp(truth), sub(truth, logSoftmax(b, 1))));
}

/** 1 - the cosine of the angle between all numbers of a and of b as two vectors: from 0 to 2. */
export function cosineDistance(a: Value, b: Value): Value {
  const lengths = mul(sqrt(add(total(square(a)), EPSILON)), sqrt(add(total(square(b)), EPSILON)));
  return sub(1, div(total(mul(a, b)), lengths));
}

/**
 * ||x||_p = (sum |x|^p)^(1/p) over all numbers.
 *
 * @param p from 1; its slope at 0 is finite.
 */
export function norm(x: Value, p: number): Value {
  if (p === 1) return total(abs(x));
  if (p === 2) return sqrt(add(total(square(x)), EPSILON));
  return pow(add(total(pow(add(abs(x), EPSILON), p)), EPSILON), 1 / p);
}
