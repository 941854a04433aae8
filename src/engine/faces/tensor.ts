import type { Picture } from "./picture";

/**
 * A picture as a network's input: [3, height, width] (red, green and blue planes) with `byte / 127.5 - 1` in [-1, 1].
 */
export function toTensor(picture: Picture): Float32Array {
  const plane = picture.width * picture.height;
  const values = new Float32Array(plane * 3);
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      values[channel * plane + pixel] = (picture.data[pixel * 3 + channel] as number) / 127.5 - 1;
    }
  }
  return values;
}

/**
 * A network's output [n, 3, height, width] as a picture: `(x + 1) * 127.5` rounded to the nearest byte (ties to even),
 * clamped to 0..255; NaN becomes 0. `fromTensor(toTensor(p), ...)` gives back every byte of `p`.
 * @param index which of the n pictures
 */
export function fromTensor(values: Float32Array, width: number, height = width, index = 0): Picture {
  const plane = width * height;
  const start = index * plane * 3;
  if (start < 0 || start + plane * 3 > values.length) {
    throw new RangeError(`Picture ${index} of ${width}x${height} lies outside ${values.length} values.`);
  }
  const bytes = new Uint8ClampedArray(plane * 3);
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      bytes[pixel * 3 + channel] = ((values[start + channel * plane + pixel] as number) + 1) * 127.5;
    }
  }
  return { width, height, data: new Uint8Array(bytes.buffer) };
}
