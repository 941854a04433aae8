import { describe, expect, it } from "vitest";
import { deviationsOf, measureDirections, measureEffects, reportOf } from "../../../src/engine/directions";
import type { DirectionDocument } from "../../../src/engine/files";
import { seedsToZ } from "../../../src/engine/latents";
import { LAYER_SHARES, linearModel } from "../../support/linearModel";

/** PyTorch's seeds make no shorter codes. */
const DIMENSION = 16;
const NAMES = ["smile", "age", "yaw"];
const VECTOR = Array.from({ length: DIMENSION }, (_, i) => [0.6, -0.8][i] ?? 0);
const ZERO = VECTOR.map(() => 0);
const SEEDS = Array.from({ length: 20 }, (_, i) => i);

function direction(changes: Partial<DirectionDocument> = {}): DirectionDocument {
  return {
    kind: "direction",
    version: 1,
    attribute: "smile",
    model: { name: "linear", sha256: "1".repeat(64) },
    space: "w",
    shape: [DIMENSION],
    sigma: 1.5,
    layers: [0, 2],
    vector: VECTOR,
    run: { createdAt: "2025-01-01T00:00:00.000Z", version: "0" },
    ...changes,
  };
}

describe("measureEffects", () => {
  const { model, scorer } = linearModel(NAMES, DIMENSION);

  it("tells the mean change of each attribute in its deviations, and how many faces moved the right way", async () => {
    const found = await measureEffects(model, scorer, direction(), [0.5, 2, 1], SEEDS, { amount: 2 });
    const { effect } = found ?? {};
    // 2 * 1.5 sigma along the vector, seen through the layers 0 and 1: 0.5 + 0.3 of it.
    expect(effect).toMatchObject({ amount: 2, faces: 20, right: 1 });
    expect(effect?.change.smile).toBeCloseTo((3 * 0.6 * 0.8) / 0.5, 5);
    expect(effect?.change.age).toBeCloseTo((3 * -0.8 * 0.8) / 2, 5);
    expect(effect?.change.yaw).toBeCloseTo(0, 6);
    const down = await measureEffects(model, scorer, direction({ layers: [4, 5] }), [1, 1, 1], SEEDS);
    expect(down?.effect.right).toBe(0);
  });

  it("ranks the layers by what each alone does", async () => {
    const found = await measureEffects(model, scorer, direction(), [0.5, 2, 1], SEEDS, { layerFaces: 7 });
    const effects = found?.layerEffects ?? [];
    expect(effects.map(({ layer }) => layer)).toEqual([0, 1, 3, 2, 5, 4]);
    for (const { layer, own, others } of effects) {
      const share = LAYER_SHARES[layer] ?? NaN;
      expect(own).toBeCloseTo((3 * 0.6 * share) / 0.5, 5);
      expect(others).toBeCloseTo(Math.sqrt(((3 * -0.8 * share) / 2) ** 2 / 2), 5);
    }
  });

  it("edits each layer of a direction in w+ by that layer's row", async () => {
    const rows = LAYER_SHARES.map((_, layer) => (layer === 1 ? VECTOR : ZERO));
    const document = direction({ space: "w+", shape: [6, DIMENSION], vector: rows, layers: [0, 6] });
    const found = await measureEffects(model, scorer, document, [1, 1, 1], SEEDS);
    expect(found?.effect.change.smile).toBeCloseTo(3 * 0.6 * 0.3, 5);
    expect(found?.layerEffects[0]).toMatchObject({ layer: 1 });
    expect(found?.layerEffects.slice(1).every(({ own }) => Math.abs(own) < 1e-6)).toBe(true);
  });

  it("takes deviations of the drawn faces where the label set has none", async () => {
    const found = await measureEffects(model, scorer, direction(), [undefined, 2, 1], SEEDS);
    const codes = await model.map(seedsToZ(SEEDS, DIMENSION));
    const before = await scorer.score(codes, SEEDS.length, 1);
    const smiles = SEEDS.map((_, face) => before[face * 3] ?? NaN);
    const mean = smiles.reduce((sum, value) => sum + value, 0) / smiles.length;
    const deviation = Math.sqrt(smiles.reduce((sum, value) => sum + (value - mean) ** 2, 0) / smiles.length);
    expect(found?.effect.change.smile).toBeCloseTo((3 * 0.6 * 0.8) / deviation, 4);
  });

  it("knows nothing of an attribute that the scorer does not give, and stops when it is cancelled", async () => {
    expect(
      await measureEffects(model, scorer, direction({ attribute: "hat" }), [1, 1, 1], SEEDS),
    ).toBeUndefined();
    await expect(
      measureEffects(model, scorer, direction(), [1, 1, 1], SEEDS, { signal: AbortSignal.abort() }),
    ).rejects.toThrow(/Cancelled/);
  });
});

describe("measureDirections", () => {
  it("draws the faces once, recommends measured layers, and counts what it draws", async () => {
    const { model, scorer } = linearModel(NAMES, DIMENSION);
    const told: number[] = [];
    let total = 0;
    const documents = [
      direction(),
      direction({ attribute: "age", vector: VECTOR.map((_, i) => (i === 1 ? 1 : 0)) }),
    ];
    const kept: DirectionDocument[] = [];
    const columns = NAMES.map((name) => ({ name, scores: Float32Array.of(-1, 1) }));
    const measured = await measureDirections(
      documents,
      { columns },
      "measured",
      { faces: 20, layerFaces: 8 },
      {
        model,
        scorer,
        onProgress: (progress) => {
          told.push(progress.done);
          ({ total } = progress);
        },
        onDocument: (document) => {
          kept.push(document);
        },
      },
    );
    // 0.5 + 0.3 + 0 + 0.15: the run 0..3 has all of it, 0..1 only 84%.
    expect(measured.map(({ layers }) => layers)).toEqual([
      [0, 4],
      [0, 4],
    ]);
    expect(measured[1]?.effect?.change.age).toBeCloseTo(3 * 0.95, 5);
    expect(kept).toEqual(measured);
    expect(told.at(-1)).toBe(total);
    expect(total).toBe(20 + 2 * (20 + 6 * 8));
  });
});

describe("deviationsOf", () => {
  it("follows the scorer's order and knows nothing of columns that are missing or never vary", () => {
    const { scorer } = linearModel(["a", "b", "c"], 1);
    const columns = [
      { name: "c", scores: Float32Array.of(1, 3, NaN) },
      { name: "a", scores: Float32Array.of(2, 2) },
    ];
    expect(deviationsOf(columns, scorer)).toEqual([undefined, undefined, 1]);
  });
});

describe("reportOf", () => {
  it("divides effects by their amounts, puts the directions' own attributes first and leaves vectors out", () => {
    const effect = (amount: number, change: Record<string, number>): object => ({
      effect: { amount, faces: 4, right: 1, change },
    });
    const report = reportOf([
      direction({ attribute: "yaw", ...effect(2, { smile: 1, yaw: 4 }) }),
      direction({ attribute: "none" }),
      direction({ attribute: "smile", ...effect(-1, { age: 3, smile: -0.5, yaw: 0 }) }),
    ]);
    expect(report.entanglement).toEqual({
      rows: ["yaw", "smile"],
      columns: ["yaw", "smile", "age"],
      values: [
        [2, 0.5, undefined],
        [-0, 0.5, -3],
      ],
    });
    expect(report.directions.map(({ attribute }) => attribute)).toEqual(["yaw", "none", "smile"]);
    expect(report.directions.some((facts) => "vector" in facts)).toBe(false);
    expect(reportOf([direction()]).entanglement).toBeUndefined();
  });
});
