import type { Picture } from "../../engine/faces";
import type { Pixels } from "../../protocol/pixels";

/** A picture as a canvas takes it: opaque RGBA. */
export function toPixels({ width, height, data }: Picture): Pixels {
  const rgba = new Uint8Array(width * height * 4);
  for (let from = 0, to = 0; to < rgba.length; from += 3, to += 4) {
    rgba[to] = data[from] ?? 0;
    rgba[to + 1] = data[from + 1] ?? 0;
    rgba[to + 2] = data[from + 2] ?? 0;
    rgba[to + 3] = 255;
  }
  return { width, height, rgba };
}
