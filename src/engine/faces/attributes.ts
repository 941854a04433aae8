import { RfmError } from "../files";
import { EXPRESSIONS } from "../networks";
import { logOdds } from "./describe";
import { faceGeometry, type FaceGeometry } from "./geometry";
import { colourRegions, luma, meanColour, type Colour, type RegionName } from "./colours";
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

/** What an attribute is computed from: an output of the nets (see scorerGraph), or the picture's colours. */
export type ScoreSource = "age" | "gender" | "expressions" | "landmarks" | "colours";

/** The numbers that attributes are read off. */
export interface Readings {
  readonly age: number;
  readonly gender: ArrayLike<number>;
  /** Log odds of the expressions. */
  readonly odds: readonly number[];
  readonly geometry: FaceGeometry;
  readonly colours: Readonly<Record<RegionName, Colour>>;
}

/** How an attribute is read off, and which of the readings it looks at. */
type Measure = FaceAttribute & {
  readonly from: ScoreSource;
  readonly measure: (readings: Readings) => number;
};

function expression(name: (typeof EXPRESSIONS)[number], attribute: string = name): Measure {
  const index = EXPRESSIONS.indexOf(name);
  return {
    name: attribute,
    group: "expression",
    kind: "logit",
    threshold: 0,
    low: `not ${name}`,
    high: name,
    from: "expressions",
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
  return {
    name,
    group,
    kind: "continuous",
    low,
    high,
    from: "landmarks",
    measure: ({ geometry }) => pick(geometry),
  };
}

function light(
  name: string,
  low: string,
  high: string,
  measure: (colours: Readings["colours"]) => number,
): Measure {
  return {
    name,
    group: "light",
    kind: "continuous",
    low,
    high,
    from: "colours",
    measure: ({ colours }) => measure(colours),
  };
}

const MEASURES: readonly Measure[] = [
  {
    name: "age",
    group: "identity",
    kind: "continuous",
    low: "younger",
    high: "older",
    from: "age",
    measure: ({ age }) => age,
  },
  {
    name: "gender",
    group: "identity",
    kind: "logit",
    threshold: 0,
    low: "female",
    high: "male",
    from: "gender",
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
  light("brightness", "dark", "bright", ({ whole }) => luma(whole)),
  light(
    "skin-brightness",
    "darker skin",
    "lighter skin",
    ({ left, right }) => (luma(left) + luma(right)) / 2,
  ),
  light(
    "skin-warmth",
    "cooler skin",
    "warmer skin",
    ({ left, right }) => (left[0] - left[2] + right[0] - right[2]) / 2,
  ),
  light("hair-brightness", "darker hair", "lighter hair", ({ hair }) => luma(hair)),
  light(
    "light-side",
    "lit from the left",
    "lit from the right",
    ({ left, right }) => luma(right) - luma(left),
  ),
];

/** Raise it with every change of what {@link scoreEvidence} computes: scores of different arithmetic are not to be mixed. */
export const SCORE_REVISION = 2;

/** What the built-in scorer measures, in the order of its scores. */
export const FACE_ATTRIBUTES: readonly FaceAttribute[] = MEASURES.map(
  ({ measure: _measure, from: _from, ...attribute }) => attribute,
);

/** The scores of one face, in the order of {@link FACE_ATTRIBUTES}. */
export function scoreEvidence({ age, gender, expressions, landmarks, pixels, size }: FaceEvidence): number[] {
  const readings: Readings = {
    age,
    gender,
    odds: logOdds(expressions),
    geometry: faceGeometry(landmarks),
    colours: coloursOf(pixels, size, landmarks),
  };
  return MEASURES.map(({ measure }) => measure(readings));
}

/** The mean colours that attributes are read off. */
export function coloursOf(
  pixels: Float32Array,
  size: number,
  landmarks: readonly Point[],
): Readings["colours"] {
  const { whole, left, right, hair } = colourRegions(landmarks);
  return {
    whole: meanColour(pixels, size, whole),
    left: meanColour(pixels, size, left),
    right: meanColour(pixels, size, right),
    hair: meanColour(pixels, size, hair),
  };
}

/** What the score of this number is computed from, and how. */
export function measureOf(attribute: number): Pick<Measure, "from" | "measure"> {
  const measure = MEASURES[attribute];
  if (measure === undefined) {
    throw new RfmError("usage", `The face nets have no score number ${attribute}; see their attributes.`);
  }
  return measure;
}
