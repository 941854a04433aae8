import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { alignmentQuad, cropQuad, decodePicture, toTensor, type FaceNets } from "../../src/engine/faces";
import type { Model } from "../../src/engine/models";

/** At most so many faces. */
const FACES = 10;

/** A face to be inverted, and who it is. */
export interface Target {
  readonly x: Float32Array;
  readonly embedding: Float32Array;
}

/** The shipped photo and those of the face nets' package, which are no part of the project; every face that is large enough. */
export async function targetsOf(model: Model, nets: FaceNets): Promise<Target[]> {
  const repository = resolve(__dirname, "..");
  const demo = join(repository, "node_modules/@vladmandic/face-api/demo");
  const names = (await readdir(demo)).filter((name) => name.endsWith(".jpg")).sort();
  const photos = [
    join(repository, "test/fixtures/photos/astronaut.png"),
    ...names.map((name) => join(demo, name)),
  ];
  const targets: Target[] = [];
  for (const path of photos) {
    const photo = await decodePicture(path);
    for (const { landmarks } of await nets.detect(photo)) {
      const quad = alignmentQuad(landmarks, model.alignment);
      const x = toTensor(cropQuad(photo, quad, model.resolution));
      const detailed = toTensor(cropQuad(photo, quad, 256));
      targets.push({ x, embedding: await nets.embedCrops(detailed, 1, model.alignment) });
      if (targets.length === FACES) return targets;
    }
  }
  return targets;
}
