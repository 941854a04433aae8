import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  alignmentQuad,
  cropQuad,
  decodePicture,
  doubtSentence,
  faceDoubts,
  FFHQ_ALIGNMENT,
  type Face,
  type Picture,
} from "../../../src/engine/faces";
import { faceFrame } from "../../../src/engine/faces/geometry";
import type { Point } from "../../../src/engine/faces/quad";
import { FACE_API, testFaceNets } from "../../support/faceNets";
import { paint, PHOTOS } from "./pictures";
import { seen } from "./schematicFace";

/** A face whose landmarks are certain. */
function faceAt(landmarks: readonly Point[], changes: Partial<Face> = {}): Face {
  const box = { left: 0, top: 0, right: 1, bottom: 1 };
  return { box, score: 0.95, landmarks, roll: 0, confidence: 0.8, ...changes };
}

function kindsOf(photo: Picture, face: Face, resolution = 64): string[] {
  const quad = alignmentQuad(face.landmarks, FFHQ_ALIGNMENT);
  return faceDoubts({ photo, face, quad, crop: cropQuad(photo, quad, 256) }, resolution).map(
    ({ kind }) => kind,
  );
}

/** Grey skin with two chequered eyes, where the schematic face has them: 100 apart about (300, 200). */
function drawn(width = 600, height = 500, eye: readonly [number, number] = [30, 220]): Picture {
  return paint(width, height, (x, y) => {
    const inEye = Math.abs(Math.abs(x - 300) - 50) < 26 && Math.abs(y - 200) < 26;
    const level = inEye ? (eye[(x >> 3) & 1] ?? 0) : 180;
    return [level, level, level];
  });
}

describe("a schematic face", () => {
  const landmarks = seen(0, 0, 0);
  const shifted = (dx: number, dy: number): Point[] => landmarks.map(([x, y]): Point => [x + dx, y + dy]);

  it("has nothing against it when all of it is seen", () => {
    expect(kindsOf(drawn(), faceAt(landmarks))).toEqual([]);
    expect(kindsOf(drawn(), faceAt(seen(30, 0, 0)))).not.toContain("profile");
  });

  it.each<[string, Picture, readonly Point[]]>([
    ["left", drawn(), shifted(-200, 0)],
    ["right", drawn(390), landmarks],
    ["bottom", drawn(600, 380), landmarks],
  ])("is cut by the border: %s", (_, photo, places) => {
    expect(kindsOf(photo, faceAt(places))).toContain("cut");
  });

  it("is cut where only the forehead is outside", () => {
    const up = shifted(0, -140);
    expect(Math.min(...up.map(([, y]) => y))).toBeGreaterThan(0);
    expect(kindsOf(drawn(), faceAt(up))).toContain("cut");
  });

  it.each([60, -60, 75])("is a profile when turned by %i degrees", (yaw) => {
    expect(kindsOf(drawn(), faceAt(seen(yaw, 0, 0)))).toContain("profile");
  });

  it.each<[string, readonly [number, number]]>([
    ["dark lenses with a gleam", [10, 60]],
    ["a black bar", [0, 0]],
    ["a grey bar", [128, 128]],
    ["a white bar", [255, 255]],
  ])("has no eyes behind %s", (_, levels) => {
    expect(kindsOf(drawn(600, 500, levels), faceAt(landmarks))).toEqual(["eyes"]);
  });

  it("is judged against its own skin, not by its darkness", () => {
    const { data, ...photo } = drawn();
    expect(kindsOf({ ...photo, data: data.map((level) => level / 5) }, faceAt(landmarks))).toEqual([]);
  });

  it("is unsure where the nets hesitate", () => {
    expect(kindsOf(drawn(), faceAt(landmarks, { confidence: 0.1 }))).toEqual(["unsure"]);
    expect(kindsOf(drawn(), faceAt(landmarks, { score: 0.52 }))).toEqual(["unsure"]);
  });

  it("is small when the model has more pixels", () => {
    // FFHQ's square has four times the eyes' distance.
    expect(kindsOf(drawn(), faceAt(landmarks), 396)).toEqual([]);
    const quad = alignmentQuad(landmarks, FFHQ_ALIGNMENT);
    const photo = drawn();
    const view = { photo, face: faceAt(landmarks), quad, crop: cropQuad(photo, quad, 256) };
    const [doubt, ...others] = faceDoubts(view, 1024);
    expect(others).toEqual([]);
    expect(doubt).toEqual({ kind: "small", pixels: 400, resolution: 1024 });
    expect(doubt && doubtSentence(doubt)).toMatch(/400 pixels a side in the photo and the model 1024/);
  });
});

describe("faces in photos", () => {
  let faceNets: Awaited<ReturnType<typeof testFaceNets>>;
  let astronaut: Picture;
  beforeAll(async () => {
    faceNets = await testFaceNets();
    astronaut = await decodePicture(join(PHOTOS, "astronaut.png"));
  });
  afterAll(() => faceNets.close());

  async function doubtsIn(photo: Picture): Promise<string[][]> {
    const faces = await faceNets.nets.detect(photo, { tiles: false });
    return faces.map((face) => kindsOf(photo, face));
  }

  it("gives no false alarm for people who look more or less at the camera", async () => {
    expect(await doubtsIn(astronaut)).toEqual([[]]);
    const found: string[][] = [];
    // The groups with the most turned, the most blurred and the darkest faces.
    for (const name of ["sample2.jpg", "sample4.jpg", "sample5.jpg"]) {
      found.push(...(await doubtsIn(await decodePicture(join(FACE_API, "demo", name)))));
    }
    expect(found.length).toBeGreaterThan(9);
    expect(found.filter((kinds) => kinds.length > 0)).toEqual([]);
  });

  it.each([0, 40, 128])("sees that a bar of grey %i hides the astronaut's eyes", async (level) => {
    const [face] = await faceNets.nets.detect(astronaut, { tiles: false });
    const { eyes, eyeDistance } = faceFrame(face?.landmarks ?? []);
    const covered = paint(astronaut.width, astronaut.height, (x, y) => {
      const at = (y * astronaut.width + x) * 3;
      const hidden = Math.abs(x - eyes[0]) < eyeDistance && Math.abs(y - eyes[1]) < 0.3 * eyeDistance;
      const [red = 0, green = 0, blue = 0] = astronaut.data.subarray(at, at + 3);
      return hidden ? [level, level, level] : [red, green, blue];
    });
    expect(await doubtsIn(covered)).toEqual([["eyes"]]);
  });

  it.each([
    ["left", 209, 0, 303, 512],
    ["top", 0, 80, 512, 432],
    ["bottom", 0, 0, 512, 150],
  ])("sees that the border cuts her face: %s", async (_, left, top, width, height) => {
    const cut = paint(width, height, (x, y) => {
      const at = ((y + top) * astronaut.width + x + left) * 3;
      const [red = 0, green = 0, blue = 0] = astronaut.data.subarray(at, at + 3);
      return [red, green, blue];
    });
    const [kinds] = await doubtsIn(cut);
    expect(kinds?.[0]).toBe("cut");
  });
});
