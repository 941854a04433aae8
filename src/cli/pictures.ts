/** How a face is written. */
export interface FaceOptions {
  /** Which of the faces in the tensor; the first by default. */
  readonly index?: number;
  /** Side in pixels; the model's by default. */
  readonly size?: number;
}

/** Writes one face of a generator's output [n,3,S,S] as a picture, by the ending of its name. */
export async function writeFace(
  faces: Float32Array,
  resolution: number,
  path: string,
  { index = 0, size = resolution }: FaceOptions = {},
): Promise<void> {
  const { encodePicture, fromTensor, resizePicture } = await import("../engine/faces");
  const face = fromTensor(faces, resolution, resolution, index);
  await encodePicture(size === resolution ? face : resizePicture(face, size, size), path);
}
