import type { Picture } from "./picture";

/**
 * A picture at falling sizes, each half of the one before (means of 2 x 2 pixels), made when first asked for: what
 * samples small copies of large pictures reads about as many pixels as it writes, and does not alias.
 */
export class Pyramid {
  readonly #levels: Picture[];

  constructor(readonly picture: Picture) {
    this.#levels = [picture];
  }

  /** The picture at 2^-level of its size; the last one that has two pixels a side where that is asked too much. */
  level(level: number): { readonly picture: Picture; readonly scale: number } {
    let last = this.#levels[this.#levels.length - 1] ?? this.picture;
    while (this.#levels.length <= level && last.width >= 4 && last.height >= 4) {
      last = halve(last);
      this.#levels.push(last);
    }
    const reached = Math.min(level, this.#levels.length - 1);
    return { picture: this.#levels[reached] ?? last, scale: 2 ** -reached };
  }
}

/** Means of 2 x 2 pixels; an odd last row or column is left out. Written out by channel: it runs over whole photos. */
function halve({ width, height, data }: Picture): Picture {
  const halfWidth = width >> 1;
  const halfHeight = height >> 1;
  const result = new Uint8Array(halfWidth * halfHeight * 3);
  let to = 0;
  for (let row = 0; row < halfHeight; row++) {
    let a = row * 2 * width * 3;
    let b = a + width * 3;
    for (const end = to + halfWidth * 3; to < end; to += 3, a += 6, b += 6) {
      result[to] = (at(data, a) + at(data, a + 3) + at(data, b) + at(data, b + 3) + 2) >> 2;
      result[to + 1] = (at(data, a + 1) + at(data, a + 4) + at(data, b + 1) + at(data, b + 4) + 2) >> 2;
      result[to + 2] = (at(data, a + 2) + at(data, a + 5) + at(data, b + 2) + at(data, b + 5) + 2) >> 2;
    }
  }
  return { width: halfWidth, height: halfHeight, data: result };
}

/** A byte that is known to be there. */
function at(data: Uint8Array, index: number): number {
  return data[index] as number;
}
