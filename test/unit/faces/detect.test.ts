import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  alignmentQuad,
  decodePicture,
  FFHQ_ALIGNMENT,
  quadSide,
  fromTensor,
  identityDistance,
  SAME_PERSON,
  type Face,
  type Picture,
} from "../../../src/engine/faces";
import { Pyramid } from "../../../src/engine/faces/pyramid";
import { placeInSquare, sampleSquare, type Square } from "../../../src/engine/faces/square";
import { CancelledError } from "../../../src/engine/files";
import { FACE_API, testFaceNets } from "../../support/faceNets";

const photos = join(import.meta.dirname, "../../fixtures/photos");
const demo = (name: string): Promise<Picture> => decodePicture(join(FACE_API, "demo", name));

let faceNets: Awaited<ReturnType<typeof testFaceNets>>;
let astronaut: Picture;
let upright: Face;

beforeAll(async () => {
  faceNets = await testFaceNets();
  astronaut = await decodePicture(join(photos, "astronaut.png"));
  const faces = await faceNets.nets.detect(astronaut);
  expect(faces.length).toBe(1);
  [upright] = faces as [Face];
});

afterAll(async () => {
  await faceNets.close();
});

/** The astronaut's photo inside of another square: turned, shrunk, shifted. */
function seenThrough(square: Square, size: number): Picture {
  return fromTensor(sampleSquare(new Pyramid(astronaut), square, size), size);
}

/** Mean distance of a face's landmarks from where the upright face's ones must lie, in pixels of that face. */
function misplaced(face: Face, square: Square, size: number): number {
  const sum = upright.landmarks.reduce((total, [x, y], index) => {
    const [u, v] = placeInSquare(square, [x + 0.5, y + 0.5]);
    const [foundX, foundY] = face.landmarks[index] ?? [NaN, NaN];
    return total + Math.hypot(u * size - 0.5 - foundX, v * size - 0.5 - foundY);
  }, 0);
  return ((sum / 68) * square.side) / size;
}

/** What the astronaut's interocular distance is in her photo, roughly: the unit that errors are judged by. */
const EYES = 42;

describe("detect", () => {
  it("finds an upright face with its landmarks", () => {
    expect(upright.score).toBeGreaterThan(0.9);
    expect(upright.confidence).toBeGreaterThan(0.6);
    expect(Math.abs(upright.roll)).toBeLessThan(8);
    const [nose, chin] = [upright.landmarks[30] ?? [0, 0], upright.landmarks[8] ?? [0, 0]];
    expect(Math.hypot(nose[0] - 226, nose[1] - 120)).toBeLessThan(12);
    expect(chin[1]).toBeGreaterThan(nose[1] + 25);
    expect(upright.box.left).toBeLessThan(nose[0]);
    expect(upright.box.right).toBeGreaterThan(nose[0]);
  });

  it.each([-45, -30, 30, 45])("finds a face rolled by %i degrees, landmarks in place", async (degrees) => {
    const square = { x: 256, y: 256, side: 512, angle: (-degrees * Math.PI) / 180 };
    const faces = await faceNets.nets.detect(seenThrough(square, 512));
    expect(faces.length).toBe(1);
    const [face] = faces as [Face];
    expect(Math.abs(face.roll - upright.roll - degrees)).toBeLessThan(5);
    expect(misplaced(face, square, 512)).toBeLessThan(EYES * 0.12);
  });

  it("finds a face of 2% of the long side without tiles, and one of 1% with them", async () => {
    // Her face is 84 pixels wide: shown at 40 of 2000 pixels, and at 20.
    const square = { x: 256, y: 256, side: (512 * 2000) / 512 / (40 / 84), angle: 0 };
    const small = seenThrough(square, 2000);
    const faces = await faceNets.nets.detect(small, { tiles: false });
    expect(faces.length).toBe(1);
    expect(misplaced(faces[0] as Face, square, 2000)).toBeLessThan(EYES * 0.12);
    const tiny = { ...square, side: square.side * 2 };
    const found = await faceNets.nets.detect(seenThrough(tiny, 2000));
    expect(found.length).toBe(1);
    expect(misplaced(found[0] as Face, tiny, 2000)).toBeLessThan(EYES * 0.2);
  });

  it.each([
    ["sample1.jpg", 3],
    ["sample4.jpg", 4],
    ["sample5.jpg", 5],
    ["sample6.jpg", 4],
  ])("finds all faces of %s, the largest first", async (name, count) => {
    const faces = await faceNets.nets.detect(await demo(name));
    expect(faces.length).toBe(count);
    const sizes = faces.map(({ landmarks }) => quadSide(alignmentQuad(landmarks, FFHQ_ALIGNMENT)));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });

  it.each(["no-face-cat.png", "no-face-coffee.png"])("finds no face in %s", async (name) => {
    expect(await faceNets.nets.detect(await decodePicture(join(photos, name)))).toEqual([]);
  });

  it("finds nothing in a flat picture, a single pixel or a thin line, and does not fail", async () => {
    for (const [width, height] of [
      [64, 64],
      [1, 1],
      [1, 700],
      [2000, 2],
    ] as const) {
      const data = new Uint8Array(width * height * 3).fill(128);
      expect(await faceNets.nets.detect({ width, height, data })).toEqual([]);
    }
  });

  it("gives the same faces twice", async () => {
    expect(await faceNets.nets.detect(astronaut)).toEqual([upright]);
  });

  it("stops when it is cancelled", async () => {
    await expect(faceNets.nets.detect(astronaut, {}, AbortSignal.abort())).rejects.toThrow(CancelledError);
  });
});

describe("what the nets say of a face", () => {
  it("describes her", async () => {
    const { age, male, expressions } = await faceNets.nets.describe(astronaut, upright.landmarks);
    expect(age).toBeGreaterThan(20);
    expect(age).toBeLessThan(45);
    expect(male).toBeLessThan(0.4);
    expect(expressions.happy).toBeGreaterThan(0.9);
  });

  it("recognises her turned and smaller, and tells her from others", async () => {
    const self = await faceNets.nets.embed(astronaut, upright.landmarks);
    const square = { x: 256, y: 256, side: 700, angle: 0.4 };
    const other = seenThrough(square, 400);
    const [again] = (await faceNets.nets.detect(other)) as [Face];
    expect(identityDistance(self, await faceNets.nets.embed(other, again.landmarks))).toBeLessThan(
      SAME_PERSON / 2,
    );
    const group = await demo("sample6.jpg");
    for (const { landmarks } of await faceNets.nets.detect(group)) {
      expect(identityDistance(self, await faceNets.nets.embed(group, landmarks))).toBeGreaterThan(
        SAME_PERSON,
      );
    }
  });
});
