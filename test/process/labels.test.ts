import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { readNpyFile, toFloat32 } from "../../src/engine/checkpoints";
import { readLabelSet } from "../../src/engine/labels";
import { buildScorerPack } from "../../src/engine/models";
import { flatten, GraphBuilder, reduceMean } from "../../src/engine/onnx";
import { temporaryFolder } from "../support/folder";
import { Random } from "../support/random";
import { resultOf, rfm, startRfm } from "./support/rfm";

const folder = temporaryFolder();
/** 64 batches are a shard: one whole shard and one that is not. */
const BATCH = 2;
const FACES = 150;
const COMMON = ["--batch", String(BATCH), "--provider", "cpu", "--json"];
const CLI = join(import.meta.dirname, "..", "..", "dist", "cli.js");

/** Everything of a label set but what changes from run to run. */
function contentOf(name: string): Record<string, unknown> {
  const files = readdirSync(join(folder, `${name}.labels`)).sort();
  const text = readFileSync(join(folder, `${name}.labels.json`), "utf8");
  const { run: _, ...document } = JSON.parse(text) as Record<string, unknown>;
  const shards = files.map((file): [string, string] => [
    file,
    readFileSync(join(folder, `${name}.labels`, file), "base64"),
  ]);
  return { ...Object.fromEntries(shards), document };
}

/** The numbers of faces that a run told to be done. */
function doneIn(stdout: string): number[] {
  return Array.from(stdout.matchAll(/"done":(\d+)/g), ([, done]) => Number(done));
}

/** Lets a run on where files cannot grow beyond a kilobyte or two: a real refusal in the middle of a record. */
async function limited(name: string): Promise<void> {
  const script = `trap '' XFSZ; ulimit -f 2; exec "$0" "$@"`;
  const args = [
    "-c",
    script,
    process.execPath,
    CLI,
    "label",
    `0:${FACES}`,
    "--out",
    name,
    "--resume",
    ...COMMON,
  ];
  const failure = await promisify(execFile)("sh", args, { cwd: folder }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 1 });
  expect((failure as { stderr: string }).stderr).toMatch(
    /^rfm: killed\.labels\/0\.partial cannot be written: the file system does not take files of this size[^\n]*\n$/,
  );
}

/** Kills a run some time after its first batch. */
async function killed(name: string, milliseconds: number): Promise<number[]> {
  const run = startRfm(folder, "label", `0:${FACES}`, "--out", name, "--resume", ...COMMON);
  await run.printed('"done"');
  await sleep(milliseconds);
  run.child.kill("SIGKILL");
  const { code, stdout } = await run.ended;
  expect(code).toBe(null);
  return doneIn(stdout);
}

describe("rfm label", () => {
  it("killed five times at random moments and once out of room, loses nothing that was told and ends with the same bytes", async () => {
    expect(await rfm(folder, "label", `0:${FACES}`, "--out", "whole", ...COMMON)).toMatchObject({ code: 0 });
    const random = new Random(11);
    let told = 0;
    for (let death = 0; death < 5; death++) {
      const done = await killed("killed", random.uniform() * 600);
      // The first batch of this run came directly behind the last one that the run before told of, or later.
      expect(done[0]).toBeGreaterThanOrEqual(told + BATCH);
      told = done.at(-1) ?? NaN;
      if (death === 0 && process.platform !== "win32") await limited("killed");
    }
    const ended = await rfm(folder, "label", `0:${FACES}`, "--out", "killed", "--resume", ...COMMON);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(doneIn(ended.stdout)[0]).toBeGreaterThanOrEqual(told + BATCH);
    expect(contentOf("killed")).toEqual(contentOf("whole"));
    expect(readdirSync(folder).filter((file) => file.startsWith(".") || file.endsWith(".lock"))).toEqual([]);
  }, 120_000);

  it("merges what several machines labelled, and exports it", async () => {
    for (const [name, seeds] of [
      ["a", "0:6"],
      ["b", "4:10"],
    ] as const)
      expect(await rfm(folder, "label", seeds, "--out", name, ...COMMON)).toMatchObject({ code: 0 });
    const merged = await rfm(folder, "label", "merge", "a", "b.labels.json", "--out", "both", "--json");
    expect(resultOf(merged)).toMatchObject({ path: "both.labels.json", count: 10, repeated: 2 });
    const exported = await rfm(
      folder,
      "label",
      "export",
      "both",
      "--out",
      "y.npy",
      "--codes",
      "w.npy",
      "--json",
    );
    const { shape, data } = await readNpyFile(join(folder, "y.npy"));
    expect(resultOf(exported)).toMatchObject({ path: "y.npy", shape });
    const whole = await readLabelSet(join(folder, "whole"));
    expect(Array.from(data as Float32Array)).toEqual(
      Array.from(whole.scores.subarray(0, 10 * whole.attributes.length)),
    );
    expect((await readNpyFile(join(folder, "w.npy"))).shape).toEqual([10, 512]);
    const again = await rfm(folder, "label", "merge", "a", "b", "--out", "both");
    expect(again).toMatchObject({
      code: 1,
      stderr: "rfm: both.labels.json exists already; choose another name.\n",
    });
  }, 60_000);

  it("scores by a scorer pack, as classify does", async () => {
    const builder = new GraphBuilder("means");
    const x = builder.input("x", [1, 3, 16, 16]);
    builder.output("scores", flatten(reduceMean(x, [2, 3])));
    await buildScorerPack(join(folder, "means"), {
      name: "means",
      title: "Mean colours",
      graph: builder.build(),
      attributes: ["red", "green", "blue"].map((name) => ({ name, threshold: 0 })),
    });
    const labelled = await rfm(folder, "label", "7,3", "--out", "colours", "--scorer", "means", ...COMMON);
    expect(resultOf(labelled)).toMatchObject({ count: 2, attributes: ["red", "green", "blue"] });
    const set = await readLabelSet(join(folder, "colours"));
    expect(set).toMatchObject({ seeds: [7, 3], document: { scorer: { name: "means" } } });
    await rfm(folder, "seeds", "7,3", "--out", "z.npy");
    await rfm(folder, "map", "z.npy", "--out", "codes.npy");
    await rfm(folder, "synthesize", "codes.npy", "--out", "x.npy");
    await rfm(folder, "classify", "x.npy", "--scorer", "means", "--out", "scores.npy");
    const scores = toFloat32(await readNpyFile(join(folder, "scores.npy")));
    set.scores.forEach((score, index) => {
      expect(score).toBeCloseTo(scores[index] ?? NaN, 4);
    });
  }, 60_000);

  it.each<[string[], number, string]>([
    [["label", "3,3", "--out", "x"], 1, "names the seed 3 twice"],
    [["label", "5:5", "--out", "x"], 2, "The range 5:5 is empty"],
    [["label", "0:4", "--out", "x", "--scorer", "nowhere"], 1, "nowhere is no model pack"],
    [["label", "merge", "--out", "x"], 2, "missing required argument 'names'"],
    [
      ["label", "export", "nowhere", "--out", "x.npy"],
      1,
      "nowhere.labels.json cannot be read: it does not exist",
    ],
  ])("%j ends with a sentence", async (args, code, said) => {
    const ended = await rfm(folder, ...args);
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toMatch(/^rfm: [^\n]+\n$/);
    expect(ended.stderr).toContain(said);
  });
});
