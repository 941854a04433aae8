import { dirname, resolve } from "node:path";
import { cropQuad, decodePicture, toTensor, type FaceNets, type Quad } from "../../faces";
import { RfmError, sha256OfFile, type LatentDocument } from "../../files";
import type { Model } from "../../models";
import type { InversionTarget } from "../method";

/** A larger crop than the model's, from which the recognition net sees who it is. */
const IDENTITY_SIZE = 256;

/**
 * The face of the photo that a latent was made from, as it was inverted.
 *
 * @param path of the document, to which the photo's is relative.
 * @throws RfmError("document") where the latent names no photo, RfmError("file" | "picture") where the photo is gone,
 * changed or unreadable.
 */
export async function photoFace(
  { source }: LatentDocument,
  path: string,
  { resolution, alignment }: Model,
  faceNets: FaceNets,
  signal?: AbortSignal,
): Promise<Required<InversionTarget>> {
  if (source === undefined) {
    throw new RfmError(
      "document",
      `${path} was not made from a photo, so there is no face to match; invert a photo first.`,
    );
  }
  const photo = resolve(dirname(path), source.path);
  if ((await sha256OfFile(photo, signal)) !== source.sha256) {
    throw new RfmError(
      "file",
      `${photo} has changed since its face was inverted; put the old photo back, or invert the new one.`,
    );
  }
  const picture = await decodePicture(photo, signal === undefined ? {} : { signal });
  const quad = source.quad as Quad;
  const detailed = toTensor(cropQuad(picture, quad, IDENTITY_SIZE));
  return {
    x: toTensor(cropQuad(picture, quad, resolution)),
    embedding: await faceNets.embedCrops(detailed, 1, alignment, signal),
  };
}
