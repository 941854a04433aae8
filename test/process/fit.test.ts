import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readNpyFile, toFloat32, writeNpy } from "../../src/engine/checkpoints";
import { readDocument } from "../../src/engine/files";
import { temporaryFolder } from "../support/folder";
import { Random } from "../support/random";
import { ONE_SENTENCE, resultOf, rfm, startRfm, type Ended } from "./support/rfm";

const DIMENSION = 512;
const LAYERS = 10;
const CPU = ["--provider", "cpu"];

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);
const fit = (...args: string[]): Promise<Ended> => rfm(folder, "fit", ...args, ...CPU);

/** Writes codes [n, ...shape] and scores that their first coordinates make, a column for each of `columns`. */
function writeArrays(
  name: string,
  n: number,
  shape: readonly number[],
  columns: readonly ((face: number, own: number) => number)[],
): void {
  const random = new Random(6);
  const size = shape.reduce((product, length) => product * length, 1);
  const codes = random.normals(n * size);
  const scores = Float32Array.from({ length: n * columns.length }, (_, index) => {
    const [face, column] = [Math.floor(index / columns.length), index % columns.length];
    return columns[column]?.(face, codes[face * size + column] ?? NaN) ?? NaN;
  });
  writeFileSync(at(`${name}.w.npy`), writeNpy(codes, [n, ...shape]));
  writeFileSync(at(`${name}.y.npy`), writeNpy(scores, columns.length === 1 ? [n] : [n, columns.length]));
}

/** What documents keep of numbers. */
function inFloat32(value: object): object {
  const rounded = (_key: string, entry: unknown): unknown =>
    typeof entry === "number" ? Math.fround(entry) : entry;
  return JSON.parse(JSON.stringify(value, rounded)) as object;
}

const arraysOf = (name: string): string[] => ["--latents", `${name}.w.npy`, "--labels", `${name}.y.npy`];

beforeAll(async () => {
  const ended = await rfm(folder, "label", "0:40", "--batch", "8", "--out", "set", ...CPU);
  expect(ended).toMatchObject({ code: 0, stderr: "" });
});

describe("fit from a label set", () => {
  it("fits, measures, ranks the layers, and tells of an attribute that is not there", async () => {
    const ended = await fit(
      ...["yaw", "brightness", "yow"].flatMap((name) => ["--attribute", name]),
      ...["--measure", "4", "--layer-faces", "1", "--layers", "measured", "--out", "set", "--json", "set"],
    );
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("rfm: yow: The labels have no such attribute; did you mean yaw?\n");
    const result = resultOf(ended) as {
      directions: { path: string; attribute: string; layers: number[]; layerEffects: object[] }[];
      entanglement: { rows: string[]; columns: string[] };
      failed: { piece: string }[];
    };
    expect(result.directions.map(({ attribute }) => attribute).sort()).toEqual(["brightness", "yaw"]);
    expect(result.entanglement.rows).toEqual(result.directions.map(({ attribute }) => attribute));
    expect(result.entanglement.columns).toContain("smile");
    expect(result.failed).toMatchObject([{ piece: "yow" }]);
    for (const told of result.directions) {
      const { vector, run, ...facts } = await readDocument(join(folder, told.path), "direction");
      expect(vector).toHaveLength(DIMENSION);
      expect(run.provider).toBe("cpu");
      expect(inFloat32(told)).toMatchObject(inFloat32({ ...facts, $schema: undefined }));
      expect(facts.layerEffects).toHaveLength(LAYERS);
      expect(facts.effect?.faces).toBe(4);
      expect(Object.values(facts.effect?.change ?? {}).every(Number.isFinite)).toBe(true);
    }
  });

  it("keeps the fits when it is stopped while it measures", async () => {
    const running = startRfm(
      folder,
      ...["fit", "set", "--attribute", "yaw", "--measure", "500", "--out", "stopped", "--json", ...CPU],
    );
    await running.printed('"phase":"measure"');
    running.child.kill("SIGINT");
    const ended = await running.ended;
    expect(ended.code).toBe(130);
    expect(resultOf(ended)).toMatchObject({ cancelled: true, directions: [{ attribute: "yaw" }] });
    expect(existsSync(at("stopped", "yaw.direction.json"))).toBe(true);
  });

  it("refuses a set of another model, and one whose shard was changed", async () => {
    const text = readFileSync(at("set.labels.json"), "utf8");
    const { model } = JSON.parse(text) as { model: { sha256: string } };
    writeFileSync(at("other.labels.json"), text.replaceAll(model.sha256, "0".repeat(64)));
    cpSync(at("set.labels"), at("other.labels"), { recursive: true });
    cpSync(at("set.labels"), at("changed.labels"), { recursive: true });
    writeFileSync(at("changed.labels.json"), text);
    const shard = at("changed.labels", "0-40.npy");
    const bytes = readFileSync(shard);
    bytes.writeUInt8(bytes.readUInt8(300) ^ 1, 300);
    writeFileSync(shard, bytes);
    for (const [set, said] of [
      ["other", /other\.labels\.json is a label set of /],
      ["changed", /0-40\.npy/],
    ] as const) {
      const ended = await fit(set, "--attribute", "all", "--out", "never");
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(ONE_SENTENCE);
      expect(ended.stderr).toMatch(said);
    }
  });
});

describe("fit from bare arrays", () => {
  it("shows a table, and fits what it can beside bad columns and a file that cannot be written", async () => {
    writeArrays(
      "five",
      600,
      [DIMENSION],
      [
        (_, own) => own,
        () => 3,
        (face, own) => (face < 2 ? NaN : own),
        (_, own) => own,
        (_, own) => own + 100,
      ],
    );
    mkdirSync(at("five", "3.direction.json"), { recursive: true });
    const ended = await fit(...arraysOf("five"), "--no-quick", "--out", "five");
    expect(ended.code).toBe(1);
    const said = ended.stderr.split("\n").filter(Boolean).sort();
    expect(said).toEqual([
      expect.stringMatching(/^rfm: 1: All 600 scores are 3, so nothing tells/),
      expect.stringMatching(/^rfm: 2: 2 of 600 scores are NaN or infinite/),
      expect.stringMatching(/^rfm: 3: .*3\.direction\.json/),
      expect.stringMatching(/^rfm: 4: All 600 scores lie at or above the threshold 0/),
    ]);
    const [path, head, row] = ended.stdout.split("\n");
    expect(path).toBe(join("five", "0.direction.json"));
    expect(head).toMatch(
      /^attribute +positives +accuracy \(majority\) +balanced +AUC \[95% interval\] +nonzero +RFM's figure$/,
    );
    expect(row).toMatch(
      /^0 +\d+ of 600 +\d+\.\d% \(\d+\.\d%\) +\d+\.\d% +[01]\.\d{3} \[[01]\.\d{3}, [01]\.\d{3}\] +\d+ of 512 +\d+\.\d% \/ \d+\.\d%$/,
    );
    const direction = await readDocument(at("five", "0.direction.json"), "direction");
    const vector = direction.vector as readonly number[];
    expect(vector.indexOf(Math.max(...vector))).toBe(0);
  });

  it("fits layers that differ in w+, and predicts scores by lasso", async () => {
    writeArrays("layers", 40, [DIMENSION], [(_, own) => 20 + 5 * own]);
    const w = toFloat32(await readNpyFile(at("layers.w.npy")));
    // As truncation makes them: nearer to the mean in the coarse layers.
    const truncated = Float32Array.from({ length: w.length * LAYERS }, (_, index) => {
      const [face, layer] = [
        Math.floor(index / (LAYERS * DIMENSION)),
        Math.floor(index / DIMENSION) % LAYERS,
      ];
      return (
        (w[face * DIMENSION + (index % DIMENSION)] ?? NaN) * (layer < 4 ? 0.5 : 1) + (layer < 4 ? 0.25 : 0)
      );
    });
    writeFileSync(at("layers.w.npy"), writeNpy(truncated, [40, LAYERS, DIMENSION]));
    const ended = await fit(
      ...arraysOf("layers"),
      ...[
        "--attribute",
        "years",
        "--penalty",
        "lasso",
        "--threshold",
        "years=q0.5",
        "--out",
        "layers",
        "--json",
      ],
    );
    expect(ended.code).toBe(0);
    expect(ended.stderr).toMatch(/^rfm: warning: 40 faces are fewer than the 5120 coordinates/);
    const direction = await readDocument(at("layers", "years.direction.json"), "direction");
    expect(direction).toMatchObject({ space: "w+", shape: [LAYERS, DIMENSION], layers: [0, LAYERS] });
    expect(direction.regression?.pearson).toBeTypeOf("number");
    writeArrays("three", 4, [3, DIMENSION], [(face) => face]);
    const refused = await fit(...arraysOf("three"), "--out", "never");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/3 differing layers, but demo has 10; .*--model/);
  });

  it.each([
    [["--measure", "8"], "--measure takes a label set"],
    [["--layers", "measured"], "--layers measured takes a label set"],
    [["--threshold", "0", "--threshold", "1"], '--threshold is "0 1"'],
    [["--threshold", "a=much"], '--threshold is "much"'],
    [["--drop-middle", "1"], '--drop-middle is "1"'],
    [["--penalty", "l3"], "give one of l1, l2, svm, lasso"],
  ])("ends with 2 and a sentence for %j", async (args, said) => {
    const ended = await fit(...arraysOf("five"), "--out", "never", ...args);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(ONE_SENTENCE);
    expect(ended.stderr).toContain(said);
  });
});
