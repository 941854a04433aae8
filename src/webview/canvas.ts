import type { Pixels } from "../protocol/pixels";

/** Puts pixels on a canvas of exactly their size; CSS scales it, crisply. */
export function paint(canvas: HTMLCanvasElement, pixels: Pixels): void {
  if (canvas.width !== pixels.width) canvas.width = pixels.width;
  if (canvas.height !== pixels.height) canvas.height = pixels.height;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This editor cannot draw on a canvas.");
  const image = context.createImageData(pixels.width, pixels.height);
  image.data.set(pixels.rgba);
  context.putImageData(image, 0, 0);
}
