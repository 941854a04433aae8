import { add, concat, div, matmul, mul, slice, square, sub, type Value } from "../../onnx";
import { mean } from "./sums";

const SIGMA = 1.5;
const RADIUS = 5;

/**
 * Structural similarity (Wang et al. 2004) as RFM's loss takes it (its `pytorch_ssim`): windows of 11x11 pixels,
 * Gaussian with sigma 1.5, also at the border, where zeros stand outside; K1 = 0.01, K2 = 0.03; mean over windows and
 * channels. The metric that is told to people is `ssim` of ../metrics instead, with whole windows only.
 *
 * @param a pictures [n,c,h,w].
 * @param b as many.
 * @param range of the values that the two constants are made for. RFM leaves it at 1 although its pictures lie in
 * [-1,1], whose range is 2.
 */
export function structuralSimilarity(a: Value, b: Value, range: number): Value {
  const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2];
  const channels = a.shape[1] ?? 0;
  const smoothed = smooth(concat([a, b, square(a), square(b), mul(a, b)], 1));
  const part = (index: number): Value => slice(smoothed, 1, index * channels, (index + 1) * channels);
  const [meanA, meanB] = [part(0), part(1)];
  const [squareA, squareB, product] = [square(meanA), square(meanB), mul(meanA, meanB)];
  const variances = add(sub(part(2), squareA), sub(part(3), squareB));
  const covariance = sub(part(4), product);
  const above = mul(add(mul(product, 2), c1), add(mul(covariance, 2), c2));
  const below = mul(add(add(squareA, squareB), c1), add(variances, c2));
  return mean(div(above, below));
}

/**
 * A Gaussian blur with zeros outside, as products with one banded matrix for the rows and one for the columns: matrix
 * products are the fastest operator on every provider.
 */
function smooth(x: Value): Value {
  const [, , height = 0, width = 0] = x.shape;
  // The matrices are symmetric.
  return matmul(band(x, height), matmul(x, band(x, width)));
}

function band(x: Value, size: number): Value {
  const taps = Float64Array.from({ length: 2 * RADIUS + 1 }, (_, i) =>
    Math.exp(-((i - RADIUS) ** 2) / (2 * SIGMA ** 2)),
  );
  const sum = taps.reduce((all, tap) => all + tap, 0);
  const matrix = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = Math.max(0, row - RADIUS); column < Math.min(size, row + RADIUS + 1); column++) {
      matrix[row * size + column] = (taps[column - row + RADIUS] ?? 0) / sum;
    }
  }
  return x.owner.constant(matrix, [size, size]);
}
