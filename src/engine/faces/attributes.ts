import { EXPRESSIONS } from "../networks";
import { logOdds } from "./describe";
import { faceFrame, faceGeometry, type FaceGeometry } from "./geometry";
import { hairSpots, spotInside, type Spot } from "./hair";
import type { Point } from "./quad";

/** One of the numbers that the built-in scorer gives a face. */
export interface FaceAttribute {
  readonly name: string;
  readonly group: "identity" | "expression" | "pose" | "shape" | "light";
  /** `logit`: log(p / (1 - p)), positive from `threshold` on. `continuous`: has no natural threshold; split at a quantile. */
  readonly kind: "logit" | "continuous";
  readonly threshold?: number;
  /** What a low and a high score mean. */
  readonly low: string;
  readonly high: string;
}

/** What one face gave: everything that attributes are computed from. */
export interface FaceEvidence {
  readonly age: number;
  /** Logits of male and female. */
  readonly gender: ArrayLike<number>;
  /** Logits in the order of EXPRESSIONS. */
  readonly expressions: ArrayLike<number>;
  /** In fractions of the picture's side. */
  readonly landmarks: readonly Point[];
  /** [3, size, size] in [-1, 1]. */
  readonly pixels: Float32Array;
  readonly size: number;
}

type Measure = FaceAttribute & { readonly measure: (evidence: Measured) => number };

interface Measured extends FaceEvidence {
  readonly odds: readonly number[];
  readonly geometry: FaceGeometry;
  readonly cheeks: readonly [left: Colour, right: Colour];
  readonly brightness: number;
  readonly hair: Colour;
}

type Colour = readonly [red: number, green: number, blue: number];

function expression(name: (typeof EXPRESSIONS)[number], attribute: string = name): Measure {
  const index = EXPRESSIONS.indexOf(name);
  return {
    name: attribute,
    group: "expression",
    kind: "logit",
    threshold: 0,
    low: `not ${name}`,
    high: name,
    measure: ({ odds }) => odds[index] ?? NaN,
  };
}

function shape(
  name: string,
  group: "pose" | "shape" | "expression",
  low: string,
  high: string,
  pick: (geometry: FaceGeometry) => number,
): Measure {
  return { name, group, kind: "continuous", low, high, measure: ({ geometry }) => pick(geometry) };
}

function light(name: string, low: string, high: string, measure: (evidence: Measured) => number): Measure {
  return { name, group: "light", kind: "continuous", low, high, measure };
}

const MEASURES: readonly Measure[] = [
  {
    name: "age",
    group: "identity",
    kind: "continuous",
    low: "younger",
    high: "older",
    measure: ({ age }) => age,
  },
  {
    name: "gender",
    group: "identity",
    kind: "logit",
    threshold: 0,
    low: "female",
    high: "male",
    measure: ({ gender }) => (gender[0] ?? NaN) - (gender[1] ?? NaN),
  },
  expression("happy", "smile"),
  expression("neutral"),
  expression("sad"),
  expression("angry"),
  expression("fearful"),
  expression("disgusted"),
  expression("surprised"),
  shape("yaw", "pose", "looks left", "looks right", ({ yaw }) => yaw),
  shape("pitch", "pose", "looks down", "looks up", ({ pitch }) => pitch),
  shape("roll", "pose", "tilted left", "tilted right", ({ roll }) => roll),
  shape("mouth-open", "expression", "closed mouth", "open mouth", ({ mouthOpen }) => mouthOpen),
  shape("eyes-open", "expression", "narrow eyes", "wide eyes", ({ eyesOpen }) => eyesOpen),
  shape("mouth-width", "shape", "narrow mouth", "wide mouth", ({ mouthWidth }) => mouthWidth),
  shape("mouth-corners", "expression", "corners down", "corners up", ({ mouthCorners }) => mouthCorners),
  shape("brow-height", "expression", "low brows", "raised brows", ({ browHeight }) => browHeight),
  shape("jaw-width", "shape", "slim face", "round face", ({ jawWidth }) => jawWidth),
  shape("nose-length", "shape", "short nose", "long nose", ({ noseLength }) => noseLength),
  shape("nose-width", "shape", "narrow nose", "broad nose", ({ noseWidth }) => noseWidth),
  shape("lips", "shape", "thin lips", "full lips", ({ lips }) => lips),
  light("brightness", "dark", "bright", ({ brightness }) => brightness),
  light("skin-brightness", "darker skin", "lighter skin", ({ cheeks: [a, b] }) => (luma(a) + luma(b)) / 2),
  light("skin-warmth", "cooler skin", "warmer skin", ({ cheeks: [a, b] }) => (a[0] - a[2] + b[0] - b[2]) / 2),
  light("hair-brightness", "darker hair", "lighter hair", ({ hair }) => luma(hair)),
  light("light-side", "lit from the left", "lit from the right", ({ cheeks: [a, b] }) => luma(b) - luma(a)),
];

/** Raise it with every change of what {@link scoreEvidence} computes: scores of different arithmetic are not to be mixed. */
export const SCORE_REVISION = 2;

/** What the built-in scorer measures, in the order of its scores. */
export const FACE_ATTRIBUTES: readonly FaceAttribute[] = MEASURES.map(
  ({ measure: _measure, ...attribute }) => attribute,
);

/** The scores of one face, in the order of {@link FACE_ATTRIBUTES}. */
export function scoreEvidence(evidence: FaceEvidence): number[] {
  const { landmarks, pixels, size } = evidence;
  const { eyeDistance } = faceFrame(landmarks);
  const cheek = (eye: number, corner: number): Colour => {
    const [upper, lower] = [landmarks[eye] ?? [NaN, NaN], landmarks[corner] ?? [NaN, NaN]];
    const place: Point = [(upper[0] + lower[0]) / 2, (upper[1] + lower[1]) / 2];
    return meanColour(pixels, size, [spotInside(place, eyeDistance * 0.15)]);
  };
  const measured: Measured = {
    ...evidence,
    odds: logOdds(evidence.expressions),
    geometry: faceGeometry(landmarks),
    cheeks: [cheek(41, 48), cheek(46, 54)],
    brightness: luma(meanColour(pixels, size, [{ centre: [0.5, 0.5], radius: 0.5 }])),
    hair: meanColour(pixels, size, hairSpots(landmarks)),
  };
  return MEASURES.map(({ measure }) => measure(measured));
}

/** Mean colour of the pixels of a picture that lie in any of some spots, each at least one pixel wide; NaN where none does. */
function meanColour(pixels: Float32Array, size: number, spots: readonly Spot[]): Colour {
  const sums: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (const { centre, radius } of spots) {
    const reach = Math.max(radius * size, 0.75);
    const from = (place: number): number => Math.max(0, Math.round(place * size - reach));
    const to = (place: number): number => Math.min(size, Math.round(place * size + reach));
    const [x, y] = centre;
    const [left, right, top, bottom] = [from(x), to(x), from(y), to(y)];
    count += Math.max(0, right - left) * Math.max(0, bottom - top);
    for (let c = 0; c < 3; c++) {
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) {
          sums[c] = (sums[c] ?? 0) + (pixels[(c * size + row) * size + column] ?? NaN);
        }
      }
    }
  }
  return [sums[0] / count, sums[1] / count, sums[2] / count];
}

/** Brightness of a colour (Rec. 601), in the colour's own range. */
function luma([red, green, blue]: Colour): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}
