import { coloursOf, measureOf, type Readings, type ScoreSource } from "./attributes";
import { colourRegions, pixelsIn, type Colour, type RegionName } from "./colours";
import { logOdds } from "./describe";
import { faceGeometry } from "./geometry";
import type { Point } from "./quad";

type Outputs = Readonly<Record<string, Float32Array>>;

/** Half a step of the central differences: landmarks are fractions of a picture, logits about 1 to 30. */
const STEP = 1e-5;

/** The outputs of the scorer's graph that a score is made from. */
export function outputsOf(attribute: number): readonly string[] {
  const { from } = measureOf(attribute);
  // Where colours are looked at is told by landmarks, but in whole pixels: that has no slope.
  return from === "colours" ? ["pixels", "landmarks"] : [from];
}

/**
 * d score / d output of the graph, for n faces, in the outputs' sizes. What lies behind the nets are a few smooth formulas of
 * few numbers: central differences in float64 have eight right digits there, and stay right where a formula changes.
 */
export function pullBackScore(attribute: number, outputs: Outputs, n: number): Record<string, Float32Array> {
  const { from, measure } = measureOf(attribute);
  if (from === "colours") return pullBackColours(measure, outputs, n);
  const values = outputs[from] ?? new Float32Array();
  const width = values.length / n;
  const slopes = new Float32Array(values.length);
  for (let face = 0; face < n; face++) {
    const row = Float64Array.from(values.subarray(face * width, (face + 1) * width));
    for (let at = 0; at < width; at++) {
      const centre = row[at] ?? NaN;
      row[at] = centre + STEP;
      const above = measure(readings(from, row));
      row[at] = centre - STEP;
      const below = measure(readings(from, row));
      row[at] = centre;
      slopes[face * width + at] = (above - below) / (2 * STEP);
    }
  }
  return { [from]: slopes };
}

const BLACK: Colour = [0, 0, 0];
const NOTHING: Readings = {
  age: NaN,
  gender: [],
  odds: [],
  // Only what the attribute is made from is filled in; the rest is not looked at.
  geometry: faceGeometry([]),
  colours: { whole: BLACK, left: BLACK, right: BLACK, hair: BLACK },
};

function readings(from: Exclude<ScoreSource, "colours">, row: Float64Array): Readings {
  switch (from) {
    case "age":
      return { ...NOTHING, age: row[0] ?? NaN };
    case "gender":
      return { ...NOTHING, gender: row };
    case "expressions":
      return { ...NOTHING, odds: logOdds(row) };
    case "landmarks":
      return { ...NOTHING, geometry: faceGeometry(pointsOf(row)) };
  }
}

/** Such scores are linear in mean colours, and those in the pixels. */
function pullBackColours(
  measure: (readings: Readings) => number,
  { pixels = new Float32Array(), landmarks = new Float32Array() }: Outputs,
  n: number,
): Record<string, Float32Array> {
  const slopes = new Float32Array(pixels.length);
  const size = Math.round(Math.sqrt(pixels.length / n / 3));
  for (let face = 0; face < n; face++) {
    const points = pointsOf(landmarks.subarray(face * 136, (face + 1) * 136));
    const colours = coloursOf(
      pixels.subarray(face * 3 * size ** 2, (face + 1) * 3 * size ** 2),
      size,
      points,
    );
    const regions = colourRegions(points);
    for (const name of Object.keys(regions) as RegionName[]) {
      const places = pixelsIn(regions[name], size);
      for (let plane = 0; plane < 3; plane++) {
        const moved = colours[name].map((value, at) => value + (at === plane ? 1 : 0));
        const [red = NaN, green = NaN, blue = NaN] = moved;
        const changed = { ...colours, [name]: [red, green, blue] };
        const slope = measure({ ...NOTHING, colours: changed }) - measure({ ...NOTHING, colours });
        for (const place of places) {
          const at = (face * 3 + plane) * size ** 2 + place;
          slopes[at] = (slopes[at] ?? 0) + slope / places.length;
        }
      }
    }
  }
  return { pixels: slopes, landmarks: new Float32Array(landmarks.length) };
}

function pointsOf(row: ArrayLike<number>): Point[] {
  return Array.from({ length: 68 }, (_, at): Point => [row[2 * at] ?? NaN, row[2 * at + 1] ?? NaN]);
}
