import { describe, expect, it } from "vitest";
import { applyEdits, combineDirections, editAlong, type Direction } from "../../../src/engine/directions";
import type { DirectionDocument, LayerRange } from "../../../src/engine/files";
import { exampleDirection } from "../../support/documents";

const SHA = exampleDirection().model.sha256;
const MODEL = { name: "demo", sha256: SHA, layers: 3, wDimension: 2 };
const NEW = { name: "both", run: exampleDirection().run };

function direction(name: string, changes: Partial<DirectionDocument>): Direction {
  const document = {
    ...exampleDirection(),
    attribute: name,
    space: "w" as const,
    shape: [2],
    layers: [0, 3] as LayerRange,
    ...changes,
  };
  return { name, path: `${name}.direction.json`, sha256: "f".repeat(64), document };
}

const SMILE = direction("smile", { vector: [0.6, 0.8], sigma: 2 });
const AGE = direction("age", { vector: [1, 0], sigma: 3 });
const POSE = direction("pose", {
  space: "w+",
  shape: [3, 2],
  layers: [0, 2],
  sigma: 1.5,
  vector: [
    [0.5, 0.5],
    [-0.5, 0.5],
    [0, 0],
  ],
});
const W = Float32Array.of(1, 2, 3, 4, 5, 6);

/** What edits do one after the other. */
function edited(...parts: (readonly [Direction, number])[]): Float32Array {
  return applyEdits(
    W,
    3,
    2,
    parts.map(([one, amount]) => editAlong(one, amount)),
  );
}

function asDirection(document: DirectionDocument): Direction {
  return { name: document.attribute, path: "new.direction.json", sha256: "0".repeat(64), document };
}

function expectClose(found: Float32Array, wanted: Float32Array): void {
  found.forEach((value, at) => {
    expect(value).toBeCloseTo(wanted[at] ?? NaN, 5);
  });
}

describe("combineDirections", () => {
  it("in w stays in w and does what the parts do together", () => {
    const sum = combineDirections(
      [
        { direction: SMILE, weight: 1.5 },
        { direction: AGE, weight: -0.5 },
      ],
      MODEL,
      NEW,
    );
    expect(sum).toMatchObject({ attribute: "both", space: "w", shape: [2], layers: [0, 3] });
    expectClose(edited([asDirection(sum), 1]), edited([SMILE, 1.5], [AGE, -0.5]));
    expectClose(edited([asDirection(sum), -2]), edited([SMILE, -3], [AGE, 1]));
  });

  it("goes over to w+ where one part is there or touches other layers", () => {
    const narrow = direction("narrow", { vector: [0, 1], layers: [1, 2], sigma: 1 });
    for (const other of [POSE, narrow]) {
      const sum = combineDirections(
        [
          { direction: SMILE, weight: 1 },
          { direction: other, weight: 2 },
        ],
        MODEL,
        NEW,
      );
      expect(sum).toMatchObject({ space: "w+", shape: [3, 2], layers: [0, 3] });
      expectClose(edited([asDirection(sum), 1]), edited([SMILE, 1], [other, 2]));
    }
  });

  it("turns one direction round with the weight -1", () => {
    const turned = combineDirections([{ direction: SMILE, weight: -1 }], MODEL, NEW);
    expect(turned.sigma).toBeCloseTo(2, 12);
    expectClose(edited([asDirection(turned), 1.25]), edited([SMILE, -1.25]));
  });

  it("refuses what cancels, and other models, spaces and shapes, by name", () => {
    const combine = (...directions: Direction[]): unknown =>
      combineDirections(
        directions.map((one) => ({ direction: one, weight: 1 })),
        MODEL,
        NEW,
      );
    const opposite = direction("frown", { vector: [-0.6, -0.8], sigma: 2 });
    expect(() => combine(SMILE, opposite)).toThrow("The sum is nothing, so both would be no direction");
    const foreign = direction("foreign", {
      vector: [1, 0],
      model: { name: "other", sha256: "e".repeat(64) },
    });
    expect(() => combine(SMILE, foreign)).toThrow("foreign.direction.json is a direction of the model other");
    const z = direction("z", { vector: [1, 0], space: "z" });
    expect(() => combine(SMILE, z)).toThrow(
      "z.direction.json is a direction in z, but smile.direction.json is",
    );
    const wide = direction("wide", { vector: [1, 0, 0], shape: [3] });
    expect(() => combine(wide, SMILE)).toThrow("wide.direction.json is a direction in w of 3 numbers");
    const deep = direction("deep", { vector: [[1, 0]], shape: [1, 2], layers: [0, 4] });
    expect(() => combine(deep)).toThrow("deep.direction.json");
  });
});
