/** A pixel whose colour differs by so much, of a range of 2, from those beside it is not of the same thing. */
const SAME_COLOUR = 0.2;
/** Half the width of the neighbourhood whose mean colour counts. */
const NEAR = 2;
/** What grows to more than so many times its size runs out over the face: it has no border. */
const MOST_GROWTH = 3;

/** The connected pieces of a mask [side,side]: the pixels of each. */
export function pieces(mask: Float32Array, side: number): number[][] {
  const found: number[][] = [];
  const left = mask.slice();
  left.forEach((_, start) => {
    if (left[start] === 0) return;
    left[start] = 0;
    const piece = [start];
    for (const at of piece) {
      for (const next of beside(at, side)) {
        if (left[next] === 0) continue;
        left[next] = 0;
        piece.push(next);
      }
    }
    found.push(piece);
  });
  return found;
}

/**
 * A piece with what is of its colour around it, pixel by pixel, up to a border in the photo; the piece alone where there is no
 * such border. The encoder takes the middle of a dark bar for a moustache: only its ends stand out.
 *
 * @param photo [3,side,side]
 */
export function grown(piece: readonly number[], photo: Float32Array, side: number): readonly number[] {
  const pixels = side * side;
  const isIn = new Uint8Array(pixels);
  for (const at of piece) isIn[at] = 1;
  let edge = piece;
  const all = [...piece];
  while (edge.length > 0) {
    const added = new Set<number>();
    for (const at of edge) {
      for (const next of beside(at, side)) {
        if (isIn[next] === 0 && isOfTheColour(next)) added.add(next);
      }
    }
    for (const at of added) isIn[at] = 1;
    all.push(...added);
    if (all.length > MOST_GROWTH * piece.length) return piece;
    edge = [...added];
  }
  return all;

  function isOfTheColour(pixel: number): boolean {
    const [row, column] = [Math.floor(pixel / side), pixel % side];
    const sums = [0, 0, 0];
    let count = 0;
    for (let y = Math.max(0, row - NEAR); y <= Math.min(side - 1, row + NEAR); y++) {
      for (let x = Math.max(0, column - NEAR); x <= Math.min(side - 1, column + NEAR); x++) {
        const at = y * side + x;
        if (isIn[at] === 0) continue;
        count++;
        for (const plane of [0, 1, 2])
          sums[plane] = (sums[plane] as number) + (photo[plane * pixels + at] as number);
      }
    }
    const difference = sums.reduce(
      (sum, value, plane) => sum + Math.abs(value / count - (photo[plane * pixels + pixel] as number)) / 3,
      0,
    );
    return difference < SAME_COLOUR;
  }
}

/** The pixels above, below, left and right. */
function beside(at: number, side: number): number[] {
  const column = at % side;
  return [
    ...(at >= side ? [at - side] : []),
    ...(at < side * (side - 1) ? [at + side] : []),
    ...(column > 0 ? [at - 1] : []),
    ...(column < side - 1 ? [at + 1] : []),
  ];
}
