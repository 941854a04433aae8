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

/** Means of 2 x 2 pixels; an odd last row or column is left out. */
function halve({ width, height, data }: Picture): Picture {
  const halfWidth = width >> 1;
  const halfHeight = height >> 1;
  const result = new Uint8Array(halfWidth * halfHeight * 3);
  const stride = width * 3;
  let to = 0;
  for (let row = 0; row < halfHeight; row++) {
    let upper = row * 2 * stride;
    for (let column = 0; column < halfWidth; column++, upper += 6, to += 3) {
      const lower = upper + stride;
      for (let c = 0; c < 3; c++) {
        const sum =
          (data[upper + c] as number) +
          (data[upper + c + 3] as number) +
          (data[lower + c] as number) +
          (data[lower + c + 3] as number);
        result[to + c] = (sum + 2) >> 2;
      }
    }
  }
  return { width: halfWidth, height: halfHeight, data: result };
}
