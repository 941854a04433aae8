import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readDocument, type DirectionDocument } from "../../src/engine/files";
import { temporaryFolder } from "../support/folder";
import { ONE_SENTENCE, rfm, successOf, type Ended } from "./support/rfm";

const DIRECTIONS = join(import.meta.dirname, "..", "..", "models", "demo", "directions");

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);
const read = (name: string): Promise<DirectionDocument> => readDocument(at(name), "direction");

const run = (...args: string[]): Promise<Ended> => rfm(folder, ...args, "--provider", "cpu");

const succeed = (...args: string[]): Promise<Record<string, unknown>> => successOf(folder, ...args);

const numbers = ({ vector }: DirectionDocument): number[] => vector.flat();
const dot = (a: DirectionDocument, b: DirectionDocument): number =>
  numbers(a).reduce((sum, value, index) => sum + value * (numbers(b)[index] ?? NaN), 0);

/** Writes a changed copy of a document. */
function changed(name: string, out: string, change: object): void {
  const document = JSON.parse(readFileSync(at(name), "utf8")) as object;
  writeFileSync(at(out), JSON.stringify({ ...document, ...change }));
}

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  for (const name of ["smile", "age", "gender"]) {
    copyFileSync(join(DIRECTIONS, `${name}.direction.json`), at(`${name}.direction.json`));
  }
});

describe("rfm condition by projection", () => {
  it("writes the nearest direction at right angles to the others, without drawing a picture", async () => {
    const out = "freed.direction.json";
    const files = ["age.direction.json", "gender.direction.json"];
    const result = await succeed("condition", "smile.direction.json", "--on", ...files, "--out", out);
    const [before, freed, ...others] = await Promise.all(["smile.direction.json", out, ...files].map(read));
    if (before === undefined || freed === undefined) throw new Error("not read");
    for (const other of others) expect(dot(freed, other)).toBeCloseTo(0, 5);
    expect(freed.conditioning).toMatchObject({ method: "projection", on: ["age", "gender"] });
    expect(freed.conditioning?.leaks).toBeUndefined();
    expect(freed.conditioning?.cosine).toBeCloseTo(dot(freed, before), 5);
    expect(freed).toMatchObject({ attribute: "smile", space: "w", auc: before.auc, layers: before.layers });
    // What was true of the vector before is gone; sigma was taken anew.
    expect(freed).not.toHaveProperty("effect");
    expect(freed.sigma).toBeGreaterThan(0);
    expect(freed.sigma).not.toBe(before.sigma);
    expect(result).toMatchObject({ path: out, attribute: "smile" });
  });

  it("refuses other models, unscored attributes and wrong usage in one sentence", async () => {
    changed("age.direction.json", "foreign.direction.json", {
      model: { name: "elsewhere", sha256: "a".repeat(64) },
    });
    changed("age.direction.json", "odd.direction.json", { attribute: "cleverness" });
    const cases: [number, string, string[]][] = [
      [1, "foreign.direction.json is a direction of the model elsewhere", ["foreign.direction.json"]],
      [
        1,
        "cleverness, which the scorer face nets does not score",
        ["odd.direction.json", "--method", "gradient"],
      ],
      [2, '--method is "magic"', ["age", "--method", "magic"]],
      [2, "fewer than --faces 30", ["age", "--seeds", "5:10", "--faces", "30"]],
    ];
    for (const [code, said, args] of cases) {
      const ended = await run("condition", "smile", "--on", ...args, "--out", "no.direction.json");
      expect(ended.stderr).toContain(said);
      expect(ended).toMatchObject({ code, stdout: "" });
      expect(ended.stderr).toMatch(ONE_SENTENCE);
    }
  });
});

describe("rfm combine and rfm orthogonalise", () => {
  it("turns a direction round", async () => {
    await succeed("combine", "smile.direction.json=-1", "--out", "frown.direction.json");
    const [smile, frown] = await Promise.all(["smile.direction.json", "frown.direction.json"].map(read));
    if (smile === undefined || frown === undefined) throw new Error("not read");
    expect(frown).toMatchObject({ attribute: "frown", space: "w", layers: smile.layers });
    expect(dot(frown, smile)).toBeCloseTo(-1, 5);
    expect(frown.sigma).toBeCloseTo(smile.sigma ?? NaN, 5);
  });

  it("adds directions up, and says where they cancel", async () => {
    await succeed("combine", "smile=1", "age=-0.5", "--out", "young.direction.json");
    await succeed("combine", "young.direction.json=1", "smile=-1", "--out", "rest.direction.json");
    const [rest, age] = await Promise.all(["rest.direction.json", "age.direction.json"].map(read));
    if (rest === undefined || age === undefined) throw new Error("not read");
    expect(rest.attribute).toBe("rest");
    expect(Math.abs(dot(rest, age))).toBeGreaterThan(0.99);
    const nothing = await run("combine", "smile=1", "smile=-1", "--out", "no.direction.json");
    expect(nothing.code).toBe(1);
    expect(nothing.stderr).toMatch(/^rfm: The sum is nothing[^\n]+\n$/);
    const wrong = await run("combine", "smile", "--out", "no.direction.json");
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr).toContain("such as smile=1 or age=-0.5");
  });

  it("makes directions orthogonal", async () => {
    const files = ["smile", "age", "gender"].map((name) => `${name}.direction.json`);
    await succeed("orthogonalise", ...files, "--out", "alike");
    const [smile, age, gender] = await Promise.all(files.map((file) => read(join("alike", file))));
    if (smile === undefined || age === undefined || gender === undefined) throw new Error("not read");
    for (const product of [dot(smile, age), dot(smile, gender), dot(age, gender)]) {
      expect(product).toBeCloseTo(0, 5);
    }
    expect(smile.conditioning?.on).toEqual(["age", "gender"]);
  });
});
