import { cropQuad, type Picture, type Quad } from "../../faces";

/** Larger than many a model's pictures: the recognition net sees from it who it is. */
const IDENTITY_SIZE = 256;

/** The crop of a photo that tells who a face is. */
export function identityCrop(photo: Picture, quad: Quad): Picture {
  return cropQuad(photo, quad, IDENTITY_SIZE);
}
