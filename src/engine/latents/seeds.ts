import { RfmError } from "../files";
import { TorchRandom } from "../networks";

/** Dimension of z and w of every network of this family. */
export const LATENT_DIMENSION = 512;

/** A range longer than this is a slip of the keyboard: as z alone it would take 20 GB. */
const MAXIMUM_SEEDS = 10_000_000;

/**
 * z of a seed: `torch.manual_seed(seed); torch.randn(1, dimension)`, equal to 1e-6.
 *
 * @param seed a whole number from 0 to 2^53-1; as in PyTorch only its low 32 bits count.
 */
export function seedToZ(seed: number, dimension = LATENT_DIMENSION): Float32Array {
  return new TorchRandom(checkedSeed(seed)).normals(dimension);
}

/** z of several seeds, [n, dimension]. */
export function seedsToZ(seeds: readonly number[], dimension = LATENT_DIMENSION): Float32Array {
  const z = new Float32Array(seeds.length * dimension);
  seeds.forEach((seed, row) => {
    z.set(seedToZ(seed, dimension), row * dimension);
  });
  return z;
}

/**
 * Seeds as people write them: `0:100` (half-open), `7`, or `1,5,9`; the parts of a list may be ranges.
 *
 * @throws RfmError("usage") for anything else.
 */
export function parseSeeds(text: string): number[] {
  const seeds: number[] = [];
  for (const part of text.split(",")) {
    const match = /^\s*(\d+)\s*(?::\s*(\d+)\s*)?$/.exec(part);
    if (match === null) {
      throw new RfmError(
        "usage",
        `"${text}" names no seeds; write a half-open range such as 0:100 or a list such as 1,5,9.`,
      );
    }
    const start = checkedSeed(Number(match[1]));
    const end = match[2] === undefined ? start + 1 : Number(match[2]);
    if (end <= start) {
      throw new RfmError(
        "usage",
        `The range ${part.trim()} is empty, for its end does not count; write ${start}:${start + 1} for the seed ${start} alone.`,
      );
    }
    checkedSeed(end - 1);
    if (seeds.length + end - start > MAXIMUM_SEEDS) {
      throw new RfmError(
        "usage",
        `"${text}" names more than ${MAXIMUM_SEEDS} seeds; work through them in several smaller ranges.`,
      );
    }
    for (let seed = start; seed < end; seed++) seeds.push(seed);
  }
  return seeds;
}

function checkedSeed(seed: number): number {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RfmError(
      "usage",
      `${seed} is no seed; seeds are whole numbers from 0 to ${Number.MAX_SAFE_INTEGER}.`,
    );
  }
  return seed;
}
