import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ScoreGradients } from "../../../src/engine/directions";
import { builtInScorer, type Scorer } from "../../../src/engine/labels";
import { seedsToZ } from "../../../src/engine/latents";
import type { Model } from "../../../src/engine/models";
import { openDemoModel } from "../../support/demoModel";
import { Random } from "../../support/random";

const FACES = 3;
/** One attribute of every kind of source. */
const ATTRIBUTES = ["age", "gender", "smile", "yaw", "hair-brightness"];
/**
 * Half a step along w+, large enough for float32. The nets bend everywhere: what differences of this size miss is about 0.02
 * of the gradient's size, of twice the size twice that.
 */
const STEP = 0.00025;

let model: Model;
let scorer: Scorer;
let gradients: ScoreGradients;
let codes: Float32Array;
let close: () => Promise<void>;

beforeAll(async () => {
  const opened = await openDemoModel();
  ({ model, close } = opened);
  scorer = builtInScorer(opened.nets, model.alignment);
  gradients = new ScoreGradients(model, scorer);
  codes = await model.map(seedsToZ(Array.from({ length: FACES }, (_, seed) => seed)));
});
afterAll(async () => {
  await gradients.dispose();
  await close();
});

const columnOf = (name: string): number =>
  scorer.attributes.findIndex((attribute) => attribute.name === name);

async function meanScores(w: Float32Array): Promise<number[]> {
  const scores = await scorer.score(await model.synthesize(w), FACES, model.resolution);
  const columns = scorer.attributes.length;
  return scorer.attributes.map((_, k) => {
    let sum = 0;
    for (let face = 0; face < FACES; face++) sum += scores[face * columns + k] ?? NaN;
    return sum / FACES;
  });
}

describe("gradients of scores with respect to w+", () => {
  it("are those of the scorer itself, for every kind of attribute", async () => {
    const columns = ATTRIBUTES.map(columnOf);
    const means = await gradients.mean(codes, columns);
    for (let trial = 0; trial < 2; trial++) {
      const direction = new Random(40 + trial).normals(model.codeSize);
      const along = (step: number): Float32Array =>
        codes.map((value, at) => value + step * (direction[at % model.codeSize] ?? 0));
      const [above, below] = [await meanScores(along(STEP)), await meanScores(along(-STEP))];
      columns.forEach((column, k) => {
        const slope = ((above[column] ?? NaN) - (below[column] ?? NaN)) / (2 * STEP);
        const gradient = means[k] ?? new Float64Array();
        const product = gradient.reduce((sum, value, at) => sum + value * (direction[at] ?? 0), 0);
        // What a slope of this gradient's size is in a random direction.
        const usual = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
        expect(usual).toBeGreaterThan(0);
        expect(Math.abs(slope - product) / usual, `${ATTRIBUTES[k] ?? ""} ${trial}`).toBeLessThan(0.15);
      });
    }
  });

  it("are a face's own, whatever other faces are in its batch", async () => {
    const { codeSize } = model;
    const column = columnOf("smile");
    const [together] = await gradients.ofBatch(codes, [column]);
    const [alone] = await gradients.ofBatch(codes.subarray(codeSize, 2 * codeSize), [column]);
    const own = together?.subarray(codeSize, 2 * codeSize) ?? new Float32Array();
    const size = Math.hypot(...own);
    expect(alone?.length).toBe(codeSize);
    own.forEach((value, at) => {
      expect(Math.abs(value - (alone?.[at] ?? NaN)) / size).toBeLessThan(1e-5);
    });
  });

  it("are refused where a scorer cannot be taken apart", () => {
    const { derivatives: _derivatives, ...opaque } = scorer;
    expect(() => new ScoreGradients(model, opaque)).toThrow(
      "cannot be differentiated; condition by projection",
    );
  });
});
