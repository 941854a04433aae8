/** Weights [S,S] averaged down to a grid of at most `cells` by `cells`, rows of numbers with two digits. */
export function occlusionGrid(weights: Float32Array, size: number, cells = 32): number[][] {
  const side = Math.min(cells, size);
  const step = size / side;
  return Array.from({ length: side }, (_, row) =>
    Array.from({ length: side }, (__, column) => {
      let sum = 0;
      for (let y = Math.floor(row * step); y < Math.floor((row + 1) * step); y++)
        for (let x = Math.floor(column * step); x < Math.floor((column + 1) * step); x++)
          sum += weights[y * size + x] as number;
      return Math.round((100 * sum) / step ** 2) / 100;
    }),
  );
}

/**
 * Weights of pixels [S,S] from a grid of {@link occlusionGrid}, bilinearly; at borders the outermost cells count.
 *
 * @throws RangeError where the rows are not of one length
 */
export function weightsOfGrid(grid: readonly (readonly number[])[], size: number): Float32Array {
  const columns = grid[0]?.length ?? 0;
  if (columns === 0 || grid.some((row) => row.length !== columns)) {
    throw new RangeError("The rows of the grid are not of one length.");
  }
  const across = places(columns, size);
  const down = places(grid.length, size);
  const weights = new Float32Array(size * size);
  for (const [y, [above, below, lower]] of down.entries()) {
    for (const [x, [left, right, further]] of across.entries()) {
      const cell = (row: number, column: number): number => grid[row]?.[column] ?? 1;
      const top = (1 - further) * cell(above, left) + further * cell(above, right);
      const bottom = (1 - further) * cell(below, left) + further * cell(below, right);
      weights[y * size + x] = (1 - lower) * top + lower * bottom;
    }
  }
  return weights;
}

/** For each pixel the cells before and behind its centre, and how far it is on the way from one to the other. */
function places(cells: number, size: number): readonly (readonly [number, number, number])[] {
  return Array.from({ length: size }, (_, pixel) => {
    const at = Math.min(cells - 1, Math.max(0, ((pixel + 0.5) * cells) / size - 0.5));
    const before = Math.floor(at);
    return [before, Math.min(cells - 1, before + 1), at - before] as const;
  });
}

/** Share of the pixels that count less than half. */
export function occludedShare(weights: Float32Array): number {
  let count = 0;
  for (const weight of weights) if (weight < 0.5) count++;
  return count / weights.length;
}

/** Weights of pixels [S,S] from a mask [side,side] of what is left out: 0 where it is 1; borders are one pixel of the mask wide. */
export function weightsOfMask(mask: Float32Array, size: number): Float32Array {
  const side = Math.round(Math.sqrt(mask.length));
  const rows = Array.from({ length: side }, (_, row) =>
    [...mask.subarray(row * side, (row + 1) * side)].map((value) => 1 - value),
  );
  return weightsOfGrid(rows, size);
}

/** A mask of weights, [side,side]: 1 where at least half is left out; S is a multiple of side. */
export function maskOfWeights(weights: Float32Array, size: number, side: number): Float32Array {
  const step = size / side;
  const mask = new Float32Array(side * side);
  weights.forEach((weight, at) => {
    const to = Math.floor(Math.floor(at / size) / step) * side + Math.floor((at % size) / step);
    mask[to] = (mask[to] as number) + (1 - weight) / (step * step);
  });
  return mask.map((value) => (value >= 0.5 ? 1 : 0));
}
