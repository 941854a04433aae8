import { matmul, transpose } from "../functions";
import { sizeAt } from "../shapes";
import type { Value } from "../value";

/**
 * Applies a constant matrix along one axis: y[.., i, ..] = sum_j matrix[i][j] x[.., j, ..].
 * Resampling, reflecting and picking along an axis are all of this form, which gives them one adjoint: the
 * transposed matrix.
 */
export function mapAxis(x: Value, axis: number, matrix: Float32Array, size: number): Value {
  const from = sizeAt(x.shape, axis);
  const last = x.shape.length - 1;
  const swap = x.shape.map((_, index) => (index === axis ? last : index === last ? axis : index));
  const turned = axis === last ? x : transpose(x, swap);
  const product = matmul(turned, x.owner.constant(transposed(matrix, size, from), [from, size]));
  return axis === last ? product : transpose(product, swap);
}

/** A row-major [rows, columns] matrix transposed. */
export function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = matrix[row * columns + column] ?? 0;
    }
  }
  return result;
}

/** The matrix that picks source[i] for output i. */
export function pickingMatrix(source: readonly number[], from: number): Float32Array {
  const matrix = new Float32Array(source.length * from);
  source.forEach((column, row) => {
    if (column >= 0 && column < from) matrix[row * from + column] = 1;
  });
  return matrix;
}
