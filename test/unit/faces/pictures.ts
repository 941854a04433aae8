import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import type { Picture } from "../../../src/engine/faces";

/** The shipped sample photos. */
export const PHOTOS = join(__dirname, "../../fixtures/photos");

/** A folder that is gone after the test file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rfm-faces-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function writeIn(folder: string, name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** A picture computed pixel by pixel. */
export function paint(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly [number, number, number],
): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * 3);
  }
  return { width, height, data };
}

/** Smooth, different in every channel and corner, so that any turn or mix-up shows. */
export function gradientPicture(width: number, height: number): Picture {
  return paint(width, height, (x, y) => [
    40 + (170 * x) / width,
    40 + (170 * y) / height,
    200 - (75 * (x + 2 * y)) / (width + height),
  ]);
}

export function pixel(picture: Picture, x: number, y: number): number[] {
  return [...picture.data.subarray((y * picture.width + x) * 3, (y * picture.width + x) * 3 + 3)];
}

/** Largest and mean difference of two pictures of one size, in bytes. */
export function difference(one: Picture, other: Picture): { largest: number; mean: number } {
  expect([one.width, one.height, one.data.length]).toEqual([other.width, other.height, other.data.length]);
  let largest = 0;
  let sum = 0;
  for (const [i, value] of one.data.entries()) {
    const distance = Math.abs(value - (other.data[i] as number));
    largest = Math.max(largest, distance);
    sum += distance;
  }
  return { largest, mean: sum / one.data.length };
}
