/** A residual so many times the face's usual one counts half. */
const TURNING_POINT = 4;
/** Residuals below this, of a range of 2, are no occluder whatever is usual. */
const LEAST = 0.12;
/** Width of the smoothing, as a share of the picture's side. */
const WIDTH = 1 / 24;

/**
 * Weights of pixels [S,S] from 0 to 1 that leave out what a generator of faces cannot make: a hand, a microphone, glare. They
 * are those of Geman and McClure's robust loss, (1 + (r/c)^2)^-2, of the residual averaged over a neighbourhood, so
 * that occluders have smooth borders and single pixels do not matter; c is four times the median residual, since most of
 * a picture is no occluder.
 *
 * @param x what the generator makes so far, @param target the photo; [3,S,S] in [-1,1]
 */
export function occlusionWeights(x: Float32Array, target: Float32Array, size: number): Float32Array {
  const residuals = new Float32Array(size * size);
  for (let at = 0; at < x.length; at++) {
    const pixel = at % (size * size);
    const drawn = Math.min(1, Math.max(-1, x[at] as number));
    residuals[pixel] = (residuals[pixel] as number) + Math.abs(drawn - (target[at] as number)) / 3;
  }
  const radius = Math.max(1, Math.round(size * WIDTH));
  const smooth = blurred(blurred(residuals, size, radius), size, radius);
  const median = Float32Array.from(smooth).sort()[Math.floor(smooth.length / 2)] ?? 0;
  const scale = Math.max(LEAST, TURNING_POINT * median);
  return smooth.map((value) => (1 + (value / scale) ** 2) ** -2);
}

/** Means over squares of side 2 radius + 1, at borders of what there is of them; by rows, then by columns. */
function blurred(values: Float32Array, size: number, radius: number): Float32Array {
  return meansAlong(meansAlong(values, size, radius, 1, size), size, radius, size, 1);
}

function meansAlong(
  values: Float32Array,
  size: number,
  radius: number,
  step: number,
  across: number,
): Float32Array {
  const result = new Float32Array(values.length);
  for (let line = 0; line < size; line++) {
    let sum = 0;
    let count = 0;
    const place = (at: number): number => line * across + at * step;
    for (let at = 0; at < Math.min(radius, size); at++, count++) sum += values[place(at)] as number;
    for (let at = 0; at < size; at++) {
      if (at + radius < size) {
        sum += values[place(at + radius)] as number;
        count++;
      }
      if (at - radius > 0) {
        sum -= values[place(at - radius - 1)] as number;
        count--;
      }
      result[place(at)] = sum / count;
    }
  }
  return result;
}

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

/**
 * How much of the picture must stand out to be an occluder. The encoder's guess is a face and nothing else, so that little is
 * enough there, and where something was found already; later looks find details that the generator draws badly, too.
 * Measured on faces with and without something before them.
 */
const ENOUGH = { atStart: 0.02, later: 0.06, again: 0.01 } as const;

/** Whether there is anything worth leaving out. */
export function isOccluded(weights: Float32Array, look: keyof typeof ENOUGH): boolean {
  return occludedShare(weights) >= ENOUGH[look];
}
