import { extname } from "node:path";
import { RfmError } from "../engine/files";
import { readArray } from "./arrays";
import type { Model } from "../engine/models";

/** Aligned faces as a network's input. */
export interface Crops {
  /** [n,3,S,S] in [-1,1]. */
  readonly x: Float32Array;
  readonly n: number;
}

/**
 * Aligned faces from one `.npy` [n,3,S,S], or from pictures of any size, which are brought to the model's.
 *
 * @throws RfmError where an array has another shape or a picture is not square
 */
export async function readCrops(
  sources: readonly string[],
  model: Model,
  signal: AbortSignal,
): Promise<Crops> {
  const array = onlyArray(sources);
  if (array !== undefined) return readCropArray(array, model);
  const { decodePicture, resizePicture, toTensor } = await import("../engine/faces");
  const size = model.resolution;
  const x = new Float32Array(sources.length * 3 * size * size);
  for (const [index, source] of sources.entries()) {
    const picture = await decodePicture(source, { signal });
    if (picture.width !== picture.height) {
      throw new RfmError(
        "picture",
        `${source} is ${picture.width}x${picture.height} pixels, no aligned face; align the photo first with rfm align.`,
      );
    }
    const crop = picture.width === size ? picture : resizePicture(picture, size, size, "lanczos");
    x.set(toTensor(crop), index * 3 * size * size);
  }
  return { x, n: sources.length };
}

/** Where the sources are one array, its path. */
export function onlyArray(sources: readonly string[]): string | undefined {
  const [first] = sources;
  return sources.length === 1 && first !== undefined && extname(first) === ".npy" ? first : undefined;
}

/**
 * Aligned faces of any size from one `.npy` [n,3,S,S], for what takes faces of any model.
 *
 * @throws RfmError where it has another shape
 */
export async function readAnyCrops(path: string): Promise<Crops & { readonly resolution: number }> {
  const { data, shape } = await readArray(path);
  const [n = 0, colours, height = 0, width] = shape.length === 3 ? [1, ...shape] : shape;
  if (shape.length < 3 || shape.length > 4 || colours !== 3 || height !== width || n * height === 0) {
    throw new RfmError(
      "usage",
      `${path} has the shape [${shape.join(",")}], but faces have [n,3,S,S]; give an array of that shape.`,
    );
  }
  return { x: data, n, resolution: height };
}

async function readCropArray(path: string, { resolution, name }: Model): Promise<Crops> {
  const { data, shape } = await readArray(path);
  const [n = 0, ...picture] = shape.length === 3 ? [1, ...shape] : shape;
  if (picture.join() !== [3, resolution, resolution].join() || n === 0) {
    throw new RfmError(
      "usage",
      `${path} has the shape [${shape.join(",")}], but ${name} takes [n,3,${resolution},${resolution}]; give an array of that shape.`,
    );
  }
  return { x: data, n };
}
