import { cropQuad, decodePicture, toTensor, type FaceNets, type Quad } from "../../faces";
import { pathNamed, RfmError, sha256OfFile, type LatentDocument } from "../../files";
import type { Model } from "../../models";
import { weightsOfGrid } from "../fast/occlusion";
import { identityCrop } from "../photo/identityCrop";
import type { TuningTarget } from "./run";

/** A face as a generator is tuned to it, all but its code. */
type PhotoFace = Required<Pick<TuningTarget, "x" | "embedding">> & Pick<TuningTarget, "weights">;

/**
 * The face of the photo that a latent was made from, as it was inverted: what the inversion left out counts no more here.
 *
 * @param path of the document, to which the photo's is relative.
 * @throws RfmError("document") where the latent names no photo or its grid of occluders is none, RfmError("file" | "picture") where the photo is gone,
 * changed or unreadable.
 */
export async function photoFace(
  { source, inversion }: LatentDocument,
  path: string,
  { resolution, alignment }: Model,
  faceNets: FaceNets,
  signal?: AbortSignal,
): Promise<PhotoFace> {
  if (source === undefined) {
    throw new RfmError(
      "document",
      `${path} was not made from a photo, so there is no face to match; invert a photo first.`,
    );
  }
  const photo = pathNamed(path, source.path);
  if ((await sha256OfFile(photo, signal)) !== source.sha256) {
    throw new RfmError(
      "file",
      `${photo} has changed since its face was inverted; put the old photo back, or invert the new one.`,
    );
  }
  const picture = await decodePicture(photo, signal === undefined ? {} : { signal });
  const quad = source.quad as Quad;
  const detailed = toTensor(identityCrop(picture, quad));
  return {
    x: toTensor(cropQuad(picture, quad, resolution)),
    embedding: await faceNets.embedCrops(detailed, 1, alignment, signal),
    ...(inversion?.occlusion && { weights: weightsIn(inversion.occlusion, resolution, path) }),
  };
}

function weightsIn(grid: readonly (readonly number[])[], size: number, path: string): Float32Array {
  try {
    return weightsOfGrid(grid, size);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RfmError(
      "document",
      `${path} has an occlusion whose rows are not of one length; remove it there, or invert the photo again.`,
      { cause },
    );
  }
}
