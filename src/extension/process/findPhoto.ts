import { basename } from "node:path";
import { cropQuad, decodePicture, type Picture, type Quad } from "../../engine/faces";
import { pathNamed, sha256OfFile, type LatentDocument } from "../../engine/files";
import type { Model } from "../../engine/models";

/** The aligned face of a latent's photo, or why there is none. */
export interface FoundPhoto {
  readonly photo?: Picture;
  readonly warning?: string;
}

/** Looks for the photo that a latent was made from; without it the latent can be edited all the same. */
export async function findPhoto(
  { source }: LatentDocument,
  document: string,
  model: Model,
): Promise<FoundPhoto> {
  if (source === undefined) return {};
  try {
    const path = pathNamed(document, source.path);
    if ((await sha256OfFile(path)) !== source.sha256) {
      return { warning: `${basename(path)} has changed since its face was inverted, so it is not shown.` };
    }
    const [first, second, third, fourth] = source.quad;
    if (!first || !second || !third || !fourth) return {};
    const quad: Quad = [first, second, third, fourth];
    return { photo: cropQuad(await decodePicture(path), quad, model.resolution) };
  } catch (error) {
    return {
      warning: `The photo cannot be shown: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
