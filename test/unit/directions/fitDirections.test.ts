import { describe, expect, it } from "vitest";
import { fitDirections, type FitChoices, type FitTools, sigmaAlong } from "../../../src/engine/directions";
import { heldOutSplit } from "../../../src/engine/directions/quality/heldOut";
import { parseDocument, serialiseDocument, type DirectionDocument } from "../../../src/engine/files";
import type { Column, LabelledCodes } from "../../../src/engine/labels";
import { linearModel } from "../../support/linearModel";
import { Random } from "../../support/random";

const FIFTY = Int32Array.from({ length: 50 }, (_, i) => i);
const TOOLS: FitTools = { run: { createdAt: "2025-01-01T00:00:00.000Z", version: "0" } };

/** Codes whose score of attribute k is their k-th coordinate, with a little noise. */
function labelled(
  n: number,
  d: number,
  names: readonly string[],
  changes: Partial<LabelledCodes> = {},
): LabelledCodes {
  const random = new Random(3);
  const rows = random.normals(n * d);
  const columns = names.map((name, k): Column => ({
    name,
    scores: Float32Array.from({ length: n }, (_, row) => (rows[row * d + k] ?? 0) + 0.2 * random.normal()),
  }));
  return {
    rows,
    dimension: d,
    columns,
    model: { name: "model", sha256: "1".repeat(64) },
    labelSet: { name: "set", sha256: "2".repeat(64) },
    ...changes,
  };
}

async function fitOne(codes: LabelledCodes, choices: FitChoices = {}): Promise<DirectionDocument> {
  const { documents, failures } = await fitDirections(codes, { proof: false, ...choices }, TOOLS);
  expect(failures).toEqual([]);
  const [document] = documents;
  if (document === undefined) throw new Error("nothing was fitted");
  return document;
}

describe("fitDirections", () => {
  it("finds the coordinates that make the labels, and judges on faces it did not train on", async () => {
    const codes = labelled(600, 8, ["a", "b"]);
    const { documents, failures, warnings } = await fitDirections(codes, {}, TOOLS);
    expect([failures, warnings]).toEqual([[], []]);
    documents.forEach((document, k) => {
      const vector = document.vector as readonly number[];
      expect(vector[k]).toBeGreaterThan(0.95);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
      expect(document.sigma).toBeCloseTo(sigmaAlong(codes.rows, 8, vector), 6);
      const scores = codes.columns[k]?.scores ?? new Float32Array();
      const positive = scores.filter((score) => score >= 0).length;
      expect(document.samples).toEqual({ train: 480, positive, test: 120 });
      expect(document.auc).toBeGreaterThan(0.97);
      const [low = NaN, high = NaN] = document.aucInterval ?? [];
      expect(low).toBeLessThanOrEqual(document.auc ?? NaN);
      expect(high).toBeGreaterThanOrEqual(document.auc ?? NaN);
      expect(document.accuracy?.balanced).toBeGreaterThan(0.88);
      expect(document.roc?.length).toBeLessThanOrEqual(101);
      expect(document.histogram?.counts.reduce((sum, count) => sum + count, 0)).toBe(600);
      expect(document.protocol?.train).toBe(480);
      expect(document.protocol?.accuracy.rest).toBeGreaterThan(0.88);
      expect(document.solver?.gap).toBeLessThan(1e-6);
      const bytes = Buffer.from(serialiseDocument(document));
      expect(parseDocument(bytes, "direction", "a").attribute).toBe(document.attribute);
    });
  });

  it("gives the same numbers again, and other ones for another split", async () => {
    const codes = labelled(200, 5, ["a"]);
    const first = await fitOne(codes);
    expect(await fitOne(codes)).toEqual(first);
    expect((await fitOne(codes, { seed: 1 })).vector).not.toEqual(first.vector);
  });

  it("holds the same faces out whatever is fitted beside, and nothing where all are to train on", async () => {
    const codes = labelled(200, 5, ["a", "b"]);
    const both = await fitDirections(codes, { proof: false }, TOOLS);
    const alone = await fitOne(codes, { attributes: ["b"] });
    expect(alone.auc).toBe(both.documents[1]?.auc);
    const whole = await fitOne(codes, { attributes: ["a"], train: 200 });
    expect(whole.samples).toMatchObject({ train: 200, test: 0 });
    expect([whole.auc, whole.roc, whole.accuracy?.test]).toEqual([undefined, undefined, undefined]);
  });

  it("follows thresholds: a number, a quantile, the attribute's own, one for each attribute", async () => {
    const codes = labelled(400, 4, ["a", "b"]);
    const own = { ...codes, columns: codes.columns.map((column) => ({ ...column, threshold: "q0.75" })) };
    const shares = async (set: LabelledCodes, choices: FitChoices): Promise<number[]> => {
      const { documents } = await fitDirections(set, { proof: false, ...choices }, TOOLS);
      return documents.map(({ samples }) => (samples?.positive ?? NaN) / 400);
    };
    expect(await shares(own, {})).toEqual([0.25, 0.25]);
    expect(await shares(own, { threshold: "q0.9" })).toEqual([0.1, 0.1]);
    expect(await shares(own, { thresholds: { b: "q0.5" } })).toEqual([0.25, 0.5]);
    expect((await shares(codes, { threshold: 5 })).length).toBe(0);
    expect((await fitOne(codes, { attributes: ["a"], threshold: 0.3 })).threshold).toBe(0.3);
  });

  it("trains on the extremes and judges on the same held-out faces", async () => {
    const codes = labelled(1000, 4, ["a"]);
    const all = await fitOne(codes);
    const extremes = await fitOne(codes, { dropMiddle: 0.9 });
    expect(extremes.samples?.test).toBe(all.samples?.test);
    expect(extremes.samples?.train).toBeLessThan(90);
    expect((extremes.samples?.train ?? 0) + (extremes.samples?.dropped ?? 0)).toBe(800);
    expect(extremes.accuracy?.train).toBe(1);
    expect(extremes.accuracy?.test).toBeLessThan(1);
  });

  it("makes both classes weigh the same when asked", async () => {
    const codes = labelled(800, 4, ["a"]);
    const plain = await fitOne(codes, { threshold: "q0.95" });
    const balanced = await fitOne(codes, { threshold: "q0.95", classWeight: "balanced" });
    const boundary = ({ intercept = NaN, coefficientNorm = NaN }: DirectionDocument): number =>
      -intercept / coefficientNorm;
    expect(boundary(balanced)).toBeLessThan(boundary(plain) - 0.02);
    expect(balanced.accuracy?.balanced).toBeGreaterThan(plain.accuracy?.balanced ?? NaN);
  });

  it("fits the scores themselves by lasso: coefficients predict the score", async () => {
    const codes = labelled(800, 6, ["years"]);
    const scores = (codes.columns[0]?.scores ?? new Float32Array()).map((score) => 40 + 12 * score);
    const years = { ...codes, columns: [{ name: "years", scores, threshold: "q0.5" }] };
    const document = await fitOne(years, { penalty: "lasso" });
    const [vector, norm = NaN] = [document.vector as readonly number[], document.coefficientNorm];
    expect((vector[0] ?? NaN) * norm).toBeCloseTo(12, 0);
    expect(document.intercept).toBeCloseTo(40, 0);
    expect(document.regression?.r2).toBeGreaterThan(0.9);
    expect(document.regression?.pearson).toBeGreaterThan(0.95);
    expect(document.auc).toBeGreaterThan(0.97);
    expect(document.solver?.penalty).toBe("lasso");
  });

  it("fits by a support vector machine and by l2", async () => {
    const codes = labelled(300, 4, ["a"]);
    for (const penalty of ["svm", "l2"] as const) {
      const document = await fitOne(codes, { penalty });
      expect((document.vector as readonly number[])[0]).toBeGreaterThan(0.95);
      expect(document.coefficients).toEqual({ nonZero: 4, of: 4 });
    }
  });

  it("fits in w+ where the layers differ: one row for each layer", async () => {
    const codes = labelled(300, 12, ["a"], { layers: 3 });
    const document = await fitOne(codes);
    expect(document).toMatchObject({ space: "w+", shape: [3, 4], layers: [0, 3] });
    const rows = document.vector as readonly (readonly number[])[];
    expect(rows.map((row) => row.length)).toEqual([4, 4, 4]);
    expect(rows[0]?.[0]).toBeGreaterThan(0.9);
  });

  it("draws a learning curve whose last point is the fit itself", async () => {
    const { documents } = await fitDirections(labelled(3000, 40, ["a"]), {}, TOOLS);
    const { learningCurve = [], auc, accuracy } = documents[0] ?? {};
    expect(learningCurve.map(({ train }) => train)).toEqual([1000, 2000, 2400]);
    expect(learningCurve.at(-1)).toMatchObject({ auc, accuracy: accuracy?.test });
    expect(learningCurve.at(-1)?.auc).toBeGreaterThanOrEqual((learningCurve[0]?.auc ?? NaN) - 0.01);
  });
});

describe("fitDirections on bad input", () => {
  it("says what is wrong with each attribute and fits the others", async () => {
    const codes = labelled(100, 4, ["good"]);
    const scores = codes.columns[0]?.scores ?? new Float32Array();
    const columns: Column[] = [
      { name: "constant", scores: new Float32Array(100).fill(2) },
      { name: "high", scores: scores.map((score) => score + 50), threshold: 0 },
      { name: "strange", scores: scores.map((score, i) => (i < 3 ? NaN : i === 3 ? Infinity : score)) },
      { name: "short", scores: scores.slice(1) },
      { name: "known", scores, problem: "The score of seed 3 is NaN; label it again." },
      { name: "median", scores, threshold: "middle" },
      ...codes.columns,
    ];
    const { documents, failures } = await fitDirections({ ...codes, columns }, { proof: false }, TOOLS);
    expect(documents.map(({ attribute }) => attribute)).toEqual(["good"]);
    expect(Object.fromEntries(failures.map(({ attribute, message }) => [attribute, message]))).toEqual({
      constant: expect.stringMatching(/^All 100 scores are 2, so nothing tells/) as string,
      high: expect.stringMatching(/^All 100 scores lie at or above the threshold 0, .*one class/) as string,
      strange: "4 of 100 scores are NaN or infinite; label those faces again.",
      short: "There are 99 scores for 100 codes; give one score for each code.",
      known: "The score of seed 3 is NaN; label it again.",
      median: expect.stringMatching(/"middle" is neither a number nor a quantile/) as string,
    });
  });

  it("offers the nearest names for an unknown attribute, and fits the known one", async () => {
    const codes = labelled(100, 4, ["smile", "age"]);
    const { documents, failures } = await fitDirections(codes, { attributes: ["smiel", "age"] }, TOOLS);
    expect(documents.map(({ attribute }) => attribute)).toEqual(["age"]);
    expect(failures).toEqual([
      { attribute: "smiel", message: "The labels have no such attribute; did you mean smile?" },
    ]);
    const all = await fitDirections(codes, { attributes: ["spectacles"] }, TOOLS);
    expect(all.failures[0]?.message).toBe("The labels have no such attribute; choose of smile, age.");
  });

  it("says so where one class is missing among the faces to train on only", async () => {
    const codes = labelled(50, 4, ["a"]);
    const { test } = heldOutSplit(FIFTY, 0);
    const scores = new Float32Array(50).fill(-1);
    scores[test[0] ?? 0] = 1;
    const { failures } = await fitDirections({ ...codes, columns: [{ name: "rare", scores }] }, {}, TOOLS);
    expect(failures[0]?.message).toMatch(/^All 40 scores of the faces to train on lie below the threshold 0/);
  });

  it("tells no ranking where one class is missing among the held-out faces", async () => {
    const codes = labelled(50, 4, ["a"]);
    const { train } = heldOutSplit(FIFTY, 0);
    const scores = new Float32Array(50).fill(-1);
    for (const face of train.subarray(0, 9)) scores[face] = 1;
    const document = await fitOne({ ...codes, columns: [{ name: "rare", scores }] }, { C: 100 });
    expect([document.auc, document.aucInterval, document.roc]).toEqual([undefined, undefined, undefined]);
    expect(document.accuracy?.majority).toBe(1);
  });

  it("says so where the penalty leaves no coefficient", async () => {
    const { failures } = await fitDirections(labelled(100, 4, ["a"]), { C: 1e-6, proof: false }, TOOLS);
    expect(failures[0]?.message).toMatch(/every coefficient is zero.*raise C/);
  });

  it("warns of fewer faces than coordinates, and of codes that repeat", async () => {
    const few = await fitDirections(labelled(30, 40, ["a"]), { proof: false }, TOOLS);
    expect(few.documents).toHaveLength(1);
    expect(few.warnings).toEqual([expect.stringMatching(/^30 faces are fewer than the 40 coordinates/)]);
    const codes = labelled(100, 4, ["a"]);
    codes.rows.copyWithin(4 * 10, 4 * 3, 4 * 5);
    const twice = await fitDirections(codes, { proof: false }, TOOLS);
    expect(twice.warnings).toEqual([expect.stringMatching(/^2 of 100 codes repeat an earlier one/)]);
    expect(twice.documents[0]?.samples).toMatchObject({ train: 79, test: 19 });
  });

  it.each([
    ["codes that are not finite", (codes: LabelledCodes) => codes.rows.fill(NaN, 9, 10), {}, /in row 2;/],
    [
      "more faces to train on than there are",
      () => undefined,
      { train: 500 },
      /500 of 100 labels is impossible/,
    ],
  ] as const)("refuses %s", async (_, spoil, choices, sentence) => {
    const codes = labelled(100, 4, ["a"]);
    spoil(codes);
    await expect(fitDirections(codes, choices, TOOLS)).rejects.toThrow(sentence);
  });

  it("stops when it is cancelled", async () => {
    const tools = { ...TOOLS, signal: AbortSignal.abort() };
    await expect(fitDirections(labelled(50, 4, ["a"]), {}, tools)).rejects.toThrow(/Cancelled/);
  });
});

describe("fitDirections with a model and a scorer", () => {
  it("hands out each document when it is fitted and again when it is measured", async () => {
    const { model, scorer } = linearModel(["a", "b"], 16);
    const told: string[] = [];
    const { documents, warnings } = await fitDirections(
      labelled(400, 16, ["a", "hat"]),
      { proof: false, layers: "measured", measure: { faces: 8, layerFaces: 4 } },
      {
        ...TOOLS,
        model,
        scorer,
        onDocument: ({ attribute, effect }) => {
          told.push(`${attribute} ${effect === undefined ? "fitted" : "measured"}`);
        },
      },
    );
    expect(told).toEqual(["a fitted", "hat fitted", "a measured"]);
    expect(documents.map(({ layers }) => layers)).toEqual([
      [0, 4],
      [0, 4],
    ]);
    expect(documents[0]?.effect).toMatchObject({ faces: 8, amount: 2, right: 1 });
    expect(documents[0]?.layerEffects?.map(({ layer }) => layer)).toEqual([0, 1, 3, 2, 5, 4]);
    expect(documents[1]?.effect).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/does not score hat/)]);
  });
});
