import { describe, expect, it } from "vitest";
import { FACE_ATTRIBUTES, SCORE_REVISION, scoreEvidence } from "../../../src/engine/faces/attributes";
import { hairSpots } from "../../../src/engine/faces/hair";
import { describeOutputs, logOdds } from "../../../src/engine/faces/describe";
import { cropRegion, framedSquare } from "../../../src/engine/faces/framing";
import { faceFrame, faceGeometry, landmarkDifference } from "../../../src/engine/faces/geometry";
import { identityDistance } from "../../../src/engine/faces/identity";
import { faceSquare } from "../../../src/engine/faces/landmarks";
import type { Point } from "../../../src/engine/faces/quad";
import { head, seen } from "./schematicFace";

describe("faceGeometry", () => {
  it("does not depend on where, how large and how rolled the face is", () => {
    const plain = faceGeometry(seen(0, 0, 0));
    const moved = faceGeometry(seen(0, 0, 37, 2.5));
    expect(moved.roll).toBeCloseTo(37);
    expect(plain.roll).toBeCloseTo(0);
    for (const key of Object.keys(plain) as (keyof typeof plain)[]) {
      if (key !== "roll") expect(moved[key], key).toBeCloseTo(plain[key], 6);
    }
    expect(plain.mouthWidth).toBeCloseTo(0.8);
    expect(plain.mouthOpen).toBeCloseTo(0.04);
    expect(plain.eyesOpen).toBeCloseTo(16 / 48);
    expect(plain.browHeight).toBeCloseTo(0.45);
    expect(plain.yaw).toBeCloseTo(0);
  });

  it("tells how the head is turned", () => {
    const zero = faceGeometry(seen(0, 0, 0)).pitch;
    for (const angle of [-30, -10, 10, 30]) {
      const { yaw } = faceGeometry(seen(angle, 0, 0));
      expect(Math.sign(yaw)).toBe(Math.sign(angle));
      expect(Math.abs(yaw - angle)).toBeLessThan(12);
      const { pitch } = faceGeometry(seen(0, angle, 0));
      expect(Math.sign(pitch - zero)).toBe(Math.sign(angle));
    }
  });

  it("sees mouth and eyes open", () => {
    const open = head();
    for (const index of [65, 66, 67, 55, 56, 57, 58, 59])
      (open[index] as number[])[1] = (open[index]?.[1] ?? 0) + 30;
    const plain = faceGeometry(seen(0, 0, 0));
    const opened = faceGeometry(seen(0, 0, 0, 1, open));
    expect(opened.mouthOpen - plain.mouthOpen).toBeCloseTo(0.3);
    expect(opened.lips).toBeCloseTo(plain.lips);
    expect(opened.eyesOpen).toBeCloseTo(plain.eyesOpen);
  });

  it("measures how far two sets of landmarks are apart", () => {
    const points = seen(0, 0, 0);
    const shifted = points.map(([x, y]): Point => [x + 30, y + 40]);
    expect(landmarkDifference(points, shifted)).toBeCloseTo(0.5);
    expect(landmarkDifference(points, points)).toBe(0);
  });
});

describe("framing", () => {
  it("frames a rolled face upright", () => {
    const { eyes, mouth } = faceFrame(seen(0, 0, 20));
    const square = faceSquare(seen(0, 0, 20));
    expect((square.angle * 180) / Math.PI).toBeCloseTo(20);
    expect(square.x).toBeCloseTo(eyes[0] + 0.47 * (mouth[0] - eyes[0]));
    expect(square.side).toBeCloseTo(1.4 * 200);
  });

  it("finds in an aligned crop about what it would have cut from the photo", () => {
    expect(cropRegion({ scale: 0.62, centre: 0.5 })).toEqual({ left: 0, top: 0, side: 1 });
    const { left, top, side } = cropRegion({ scale: 1, centre: 0.1 });
    expect([left, side]).toEqual([0.15000000000000002, 0.7]);
    expect(top).toBeGreaterThan(left);
    expect(top + side).toBeLessThanOrEqual(1);
    const square = framedSquare(
      { width: 100, height: 100, data: new Uint8Array(0) },
      { scale: 0.7, centre: 0.47 },
    );
    expect(square).toEqual({ x: 50, y: 50, side: 100, angle: 0 });
  });
});

describe("scores", () => {
  it("turns logits into probabilities and log-odds without losing digits", () => {
    const { male, expressions } = describeOutputs(30, [1, 0], [0, 60, 0, 0, 0, 0, 0]);
    expect(male).toBeCloseTo(1 / (1 + Math.exp(-1)));
    expect(expressions.happy).toBeCloseTo(1);
    expect(Object.values(expressions).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1);
    const odds = logOdds([0, 60, 0, 0, 0, 0, 0]);
    expect(odds[1]).toBeCloseTo(60 - Math.log(6));
    expect(odds[0]).toBeCloseTo(-60);
    const plain = logOdds([0.3, -0.2]);
    expect(plain[0]).toBeCloseTo(0.5);
    expect(plain[1]).toBeCloseTo(-0.5);
  });

  it("gives one number an attribute and tells left light from right", () => {
    const size = 32;
    const pixels = new Float32Array(3 * size * size);
    pixels.forEach((_, index) => {
      pixels[index] = (index % size) / size - 0.5;
    });
    const landmarks = seen(0, 0, 0).map(([x, y]): Point => [(x - 160) / 280, (y - 90) / 280]);
    const scores = scoreEvidence({
      age: 40,
      gender: [2, -1],
      expressions: [0, 3, 0, 0, 0, 0, 0],
      landmarks,
      pixels,
      size,
    });
    expect(scores.length).toBe(FACE_ATTRIBUTES.length);
    expect(scores.every(Number.isFinite)).toBe(true);
    const score = (name: string): number =>
      scores[FACE_ATTRIBUTES.findIndex((one) => one.name === name)] ?? NaN;
    expect(score("age")).toBe(40);
    expect(score("gender")).toBe(3);
    expect(score("smile")).toBeCloseTo(3 - Math.log(6));
    expect(score("light-side")).toBeGreaterThan(0.1);
    expect(Math.abs(score("brightness"))).toBeLessThan(0.05);
    expect(score("mouth-width")).toBeCloseTo(0.8);
  });

  /** A picture of 64 x 64: skin within the jaw's contour and under the hairline, hair above, a background around. */
  function portrait(hair: number, turn: number): { landmarks: Point[]; pixels: Float32Array; size: number } {
    const size = 64;
    const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
    const landmarks = seen(0, 0, 0).map(([x, y]): Point => {
      const [dx, dy] = [(x - 300) / 700, (y - 260) / 700];
      return [0.5 + dx * cosine - dy * sine, 0.55 + dx * sine + dy * cosine];
    });
    const [chin, left, right] = [landmarks[8], landmarks[0], landmarks[16]] as [Point, Point, Point];
    const { eyes } = faceFrame(landmarks);
    const length = Math.hypot(chin[0] - eyes[0], chin[1] - eyes[1]);
    const width = Math.hypot(right[0] - left[0], right[1] - left[1]) / 2;
    const pixels = new Float32Array(3 * size * size);
    pixels.forEach((_, index) => {
      const [column, row] = [index % size, Math.floor(index / size) % size];
      const [x, y] = [(column + 0.5) / size - eyes[0], (row + 0.5) / size - eyes[1]];
      const [across, up] = [x * cosine + y * sine, -(y * cosine - x * sine)];
      const head = (across / (1.25 * width)) ** 2 + (up / (1.15 * length)) ** 2 < 1 && up > 0;
      const face = (across / (0.8 * width)) ** 2 + (up / (0.65 * length)) ** 2 < 1;
      pixels[index] = face ? 0.2 : head ? hair : 0.9;
    });
    return { landmarks, pixels, size };
  }

  it.each([0, 0.4, -0.4])("finds hair over the forehead of a head turned by %f", (turn) => {
    for (const hair of [-0.8, -0.1, 0.6]) {
      const nets = { age: 40, gender: [0, 0], expressions: [0, 0, 0, 0, 0, 0, 0] };
      const scores = scoreEvidence({ ...nets, ...portrait(hair, turn) });
      const score = scores[FACE_ATTRIBUTES.findIndex(({ name }) => name === "hair-brightness")];
      expect(score, `hair ${hair}`).toBeCloseTo(hair, 1);
    }
  });

  it("looks at the temples where the crop shows no more", () => {
    const { landmarks } = portrait(0, 0);
    const { eyes } = faceFrame(landmarks);
    const tight = landmarks.map(([x, y]): Point => [(x - eyes[0]) * 1.9 + 0.5, (y - eyes[1]) * 1.9 + 0.2]);
    const spots = hairSpots(tight);
    const seenSpots = spots.filter(({ centre: [x, y], radius }) => x > 0 && x < 1 && y > -radius && y < 1);
    expect(seenSpots.length).toBe(2);
    for (const {
      centre: [x, y],
    } of seenSpots) {
      expect(Math.abs(x - 0.5)).toBeGreaterThan(0.25);
      expect(y).toBeLessThan(0.2);
    }
    const outside = hairSpots(landmarks.map(([x, y]): Point => [x, y - 2]));
    expect(outside.filter(({ centre: [, y] }) => y >= 0).length).toBe(2);
  });

  /** Scores of a fixed face, for the revision that the scorer's name is made from. */
  it("computes what revision 2 computes", () => {
    const { landmarks, pixels, size } = portrait(-0.3, 0.1);
    const face = { age: 31, gender: [1.5, -0.25], expressions: [0.1, 2, -1, 0.4, -2, 0, 1] };
    const scores = scoreEvidence({ ...face, landmarks, pixels, size });
    const named = Object.fromEntries(FACE_ATTRIBUTES.map(({ name }, i) => [name, scores[i]?.toFixed(4)]));
    expect({ SCORE_REVISION, ...named }).toMatchInlineSnapshot(`
      {
        "SCORE_REVISION": 2,
        "age": "31.0000",
        "angry": "-2.1428",
        "brightness": "0.7761",
        "brow-height": "0.4500",
        "disgusted": "-2.5808",
        "eyes-open": "0.3333",
        "fearful": "-4.6442",
        "gender": "1.7500",
        "hair-brightness": "-0.3000",
        "jaw-width": "0.8188",
        "light-side": "0.0000",
        "lips": "0.3000",
        "mouth-corners": "0.0300",
        "mouth-open": "0.0400",
        "mouth-width": "0.8000",
        "neutral": "-2.4728",
        "nose-length": "0.7200",
        "nose-width": "0.4800",
        "pitch": "-4.0212",
        "roll": "5.7296",
        "sad": "-3.6275",
        "skin-brightness": "0.2000",
        "skin-warmth": "0.0000",
        "smile": "0.0804",
        "surprised": "-1.4414",
        "yaw": "0.0000",
      }
    `);
  });

  it("names each attribute once", () => {
    expect(new Set(FACE_ATTRIBUTES.map(({ name }) => name)).size).toBe(FACE_ATTRIBUTES.length);
    for (const { kind, threshold } of FACE_ATTRIBUTES) expect(threshold !== undefined).toBe(kind === "logit");
  });

  it("measures the distance of embeddings and refuses unequal ones", () => {
    expect(identityDistance(Float32Array.of(0, 3), Float32Array.of(4, 0))).toBe(5);
    expect(() => identityDistance(new Float32Array(128), new Float32Array(64))).toThrow(/128 and 64/);
  });
});
