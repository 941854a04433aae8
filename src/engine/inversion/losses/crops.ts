import { averagePool, slice, type Value } from "../../onnx";

/** The parts of a picture that RFM looks at: all of it, its middle columns (AT1) and its middle (AT2). */
export const VIEWS = ["whole", "at1", "at2"] as const;
export type ViewName = (typeof VIEWS)[number];

/** A part of a picture as half-open ranges of rows and columns. */
export interface View {
  readonly rows: readonly [start: number, end: number];
  readonly columns: readonly [start: number, end: number];
}

/**
 * Where a view lies in a picture of this size: AT1 leaves out an eighth of the width on both sides, AT2 an eighth and a
 * thirty-second on all four.
 */
export function viewOf(name: ViewName, [height, width]: readonly [number, number]): View {
  const eighth = (size: number): [number, number] => [Math.floor(size / 8), size - Math.ceil(size / 8)];
  const middle = (size: number): [number, number] => {
    const [start, end] = eighth(size);
    const more = Math.floor(size / 32);
    return [start + more, end - more];
  };
  switch (name) {
    case "whole":
      return { rows: [0, height], columns: [0, width] };
    case "at1":
      return { rows: [0, height], columns: eighth(width) };
    case "at2":
      return { rows: middle(height), columns: middle(width) };
  }
}

/** Cuts a view out of pictures [n,c,h,w]. */
export function cut(x: Value, { rows, columns }: View): Value {
  const [, , height, width] = x.shape;
  const tall = rows[0] === 0 && rows[1] === height ? x : slice(x, 2, rows[0], rows[1]);
  return columns[0] === 0 && columns[1] === width ? tall : slice(tall, 3, columns[0], columns[1]);
}

/** Height up to which SSIM and the perceptual distance look at a picture. */
const TALLEST = 256;

/** Averages 2x2 pixels until the picture [n,c,h,w] is at most 256 pixels high. */
export function shrunk(x: Value): Value {
  let result = x;
  while ((result.shape[2] ?? 0) > TALLEST) result = averagePool(result, { kernel: [2, 2] });
  return result;
}

/** Height and width of what {@link shrunk} makes of a view. */
export function shrunkSize({ rows, columns }: View): [number, number] {
  let [height, width] = [rows[1] - rows[0], columns[1] - columns[0]];
  while (height > TALLEST) [height, width] = [Math.floor(height / 2), Math.floor(width / 2)];
  return [height, width];
}
