import { RfmError } from "../files";

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Row-major strides of a shape, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}

/** Numpy's broadcasting of shapes. @throws RfmError("graph") where the shapes do not fit. */
export function broadcastShapes(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const shape of shapes) {
      const own = shape[axis - (rank - shape.length)] ?? 1;
      if (own === 1 || own === size) continue;
      if (size !== 1) {
        throw new RfmError(
          "graph",
          `Shapes ${shapes.map(formatShape).join(" and ")} cannot be broadcast together; check the graph's inputs.`,
        );
      }
      size = own;
    }
    return size;
  });
}

/** A negative axis counted from the end, checked against the rank. */
export function normaliseAxis(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(positive) || positive < 0 || positive >= Math.max(rank, 1)) {
    throw new RfmError("graph", `Axis ${axis} does not exist in a tensor of rank ${rank}; check the graph.`);
  }
  return positive;
}

/** A shape as people write it: `[1,3,64,64]`. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(",")}]`;
}

/** Whether two shapes are the same. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** The size of an axis that is known to exist. @throws RfmError("graph") where it does not. */
export function sizeAt(shape: readonly number[], axis: number): number {
  const size = shape[axis];
  if (size === undefined) {
    throw new RfmError(
      "graph",
      `A tensor of shape ${formatShape(shape)} has no axis ${axis}; check the graph.`,
    );
  }
  return size;
}
