import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../../src/engine/files";
import { writeModel } from "../../../src/engine/onnx";
import { faceNetGraphs, type FaceNetName } from "../../../src/engine/networks";
import { openRuntime, type Runtime, type Session } from "../../../src/engine/runtime";
import { decodePicture } from "../../../src/engine/faces/decode";
import type { Picture } from "../../../src/engine/faces/picture";
import { toTensor } from "../../../src/engine/faces/tensor";
import { nonMaximumSuppression } from "../../../src/engine/faces/nonMaximumSuppression";

/** What test/fixtures/faces/nets/make_nets.mjs froze of the original nets. */
interface Case {
  photo: string;
  sha256: string;
  detector: { anchors: number[]; scores: number[]; boxes: number[][]; found: number[][] };
  tinyDetector: { step: number; output: number[]; found: number[][] };
  faces: {
    region: [number, number, number];
    sha256: string;
    landmarks: number[];
    age: number[];
    gender: number[];
    expressions: number[];
    embedding: number[];
  }[];
}

const TOLERANCE = 1e-3;
const fixtures = join(import.meta.dirname, "../../fixtures");
const faceApi = dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json"));
const cases = JSON.parse(readFileSync(join(fixtures, "faces/nets/nets.json"), "utf8")) as Case[];

let runtime: Runtime;
const sessions = new Map<string, Session>();
beforeAll(async () => {
  runtime = await openRuntime("cpu");
  const graphs = await faceNetGraphs(join(faceApi, "model"));
  for (const [name, graph] of Object.entries(graphs)) {
    // As the pack holds them: weights in bytes, any batch.
    sessions.set(name, await runtime.compile(writeModel(graph, { batch: "N" }), { symbols: { N: 1 } }));
  }
});
afterAll(async () => {
  await runtime.dispose();
});

/** A region of a photo by nearest neighbour, black outside: the same bytes as in the generator of the fixtures. */
function sample(photo: Picture, [left, top, side]: readonly number[], size: number): Picture {
  const data = new Uint8Array(size * size * 3);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = Number(left) + Math.floor(((column + 0.5) * Number(side)) / size);
      const y = Number(top) + Math.floor(((row + 0.5) * Number(side)) / size);
      if (x < 0 || y < 0 || x >= photo.width || y >= photo.height) continue;
      for (let c = 0; c < 3; c++) {
        data[(row * size + column) * 3 + c] = photo.data[(y * photo.width + x) * 3 + c] as number;
      }
    }
  }
  return { width: size, height: size, data };
}

function readPhoto(name: string): Promise<Picture> {
  const shipped = name === "astronaut.png";
  return decodePicture(shipped ? join(fixtures, "photos", name) : join(faceApi, "demo", name));
}

/** Largest difference, relative where numbers are larger than one. */
function difference(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  return expected.reduce(
    (worst, value, index) =>
      Math.max(worst, Math.abs((actual[index] ?? NaN) - value) / Math.max(1, Math.abs(value))),
    0,
  );
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Runs a net on a picture. */
async function run(net: FaceNetName, picture: Picture): Promise<Readonly<Record<string, Float32Array>>> {
  const session = sessions.get(net);
  if (session === undefined) throw new Error(`no net ${net}`);
  return await session.run({ x: toTensor(picture) });
}

describe.each(cases)("face nets against face-api on $photo", (frozen) => {
  let photo: Picture;
  let whole: readonly number[];
  beforeAll(async () => {
    photo = await readPhoto(frozen.photo);
    whole = [0, 0, Math.max(photo.width, photo.height)];
  });

  it("detects the same boxes with the same scores", async () => {
    const input = sample(photo, whole, 512);
    expect(sha256(input.data), "the photo is decoded to the same bytes as in the fixture").toBe(
      frozen.sha256,
    );
    const { boxes = new Float32Array(), scores = new Float32Array() } = await run("detector", input);
    expect(scores.length).toBe(5118);
    const { anchors } = frozen.detector;
    expect(
      difference(
        anchors.map((index) => scores[index] ?? NaN),
        frozen.detector.scores,
      ),
    ).toBeLessThan(TOLERANCE);
    const flat = anchors.flatMap((index) => [1, 0, 3, 2].map((part) => boxes[index * 4 + part] ?? NaN));
    expect(difference(flat, frozen.detector.boxes.flat())).toBeLessThan(TOLERANCE);

    const candidates = [...scores].flatMap((score, index) => {
      const [left = 0, top = 0, right = 0, bottom = 0] = boxes.subarray(index * 4, index * 4 + 4);
      return score > 0.3 ? [{ score, box: { left, top, right, bottom } }] : [];
    });
    const kept = nonMaximumSuppression(candidates, 0.5);
    expect(kept.length).toBe(frozen.detector.found.length);
    kept.forEach(({ score, box }, index) => {
      const { left, top, right, bottom } = box;
      const pixels = [left, top, right - left, bottom - top].map((value) => value * 512);
      expect(difference([score, ...pixels], frozen.detector.found[index] ?? [])).toBeLessThan(TOLERANCE);
    });
  });

  it("finds what the tiny detector finds", async () => {
    const { boxes = new Float32Array(), scores = new Float32Array() } = await run(
      "tinyDetector",
      sample(photo, whole, 416),
    );
    // The frozen numbers are raw (cell, anchor, [x, y, width, height, score]), every third of them.
    const { step, output } = frozen.tinyDetector;
    const actual: number[] = [];
    const expected: number[] = [];
    output.forEach((value, position) => {
      const index = Math.floor((position * step) / 5);
      const part = (position * step) % 5;
      const cell = Math.floor(index / 5);
      const [left = NaN, top = NaN, right = NaN, bottom = NaN] = boxes.subarray(index * 4, index * 4 + 4);
      const width = [1.603231, 6.041143, 2.882459, 4.266906, 9.041765][index % 5] ?? NaN;
      const height = [2.094468, 7.080126, 3.518061, 5.178857, 10.66308][index % 5] ?? NaN;
      actual.push(
        [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top, scores[index] ?? NaN][part] ??
          NaN,
      );
      expected.push(
        [
          (sigmoid(value) + (cell % 13)) / 13,
          (sigmoid(value) + Math.floor(cell / 13)) / 13,
          (Math.exp(value) * width) / 13,
          (Math.exp(value) * height) / 13,
          sigmoid(value),
        ][part] ?? NaN,
      );
    });
    expect(difference(actual, expected)).toBeLessThan(TOLERANCE);
    const best = Math.max(...scores);
    expect(Math.abs(best - (frozen.tinyDetector.found[0]?.[0] ?? NaN))).toBeLessThan(TOLERANCE);
  });

  it("gives the same landmarks, age, gender, expressions and embedding", async () => {
    expect(frozen.faces.length).toBeGreaterThan(0);
    for (const face of frozen.faces) {
      const small = sample(photo, face.region, 112);
      expect(sha256(small.data)).toBe(face.sha256);
      const { landmarks = [] } = await run("landmarks", small);
      expect(difference(landmarks, face.landmarks)).toBeLessThan(TOLERANCE);
      const { age = [], gender = [] } = await run("ageGender", small);
      expect(difference(age, face.age)).toBeLessThan(TOLERANCE);
      expect(difference(gender, face.gender)).toBeLessThan(TOLERANCE);
      const { logits = [] } = await run("expressions", small);
      expect(difference(logits, face.expressions)).toBeLessThan(TOLERANCE);
      const { embedding = [] } = await run("recogniser", sample(photo, face.region, 150));
      expect(difference(embedding, face.embedding)).toBeLessThan(TOLERANCE);
    }
  });
});
