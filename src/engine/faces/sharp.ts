import type Sharp from "sharp";

let loading: Promise<typeof Sharp> | undefined;

/**
 * sharp, loaded at first use: its native library takes a tenth of a second and stays outside the bundles.
 * Its cache is switched off, because it is keyed by file name and would answer with old pixels for a file that changed.
 */
export function loadSharp(): Promise<typeof Sharp> {
  loading ??= import("sharp").then(({ default: sharp }) => {
    sharp.cache(false);
    return sharp;
  });
  return loading;
}

/** The same bytes as a plain array: a Buffer is one too, but does not compare or travel between processes like one. */
export function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
