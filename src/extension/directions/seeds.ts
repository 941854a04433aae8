import type { SeedRange } from "../../engine/files";

/** Seeds are 32-bit numbers. */
const END = 2 ** 32;

/** `FIRST:END` as a range; nothing where it is none. */
export function parseSeeds(text: string): SeedRange | undefined {
  const [, first, end] = /^\s*(\d{1,10})\s*:\s*(\d{1,10})\s*$/.exec(text) ?? [];
  if (first === undefined || end === undefined) return undefined;
  const range = { start: Number(first), end: Number(end) };
  return range.start < range.end && range.end <= END ? range : undefined;
}
