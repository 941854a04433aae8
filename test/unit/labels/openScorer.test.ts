import { copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openScorer, type OpenedScorer } from "../../../src/engine/labels";
import { buildScorerPack, openPack, openScorerPack, type ScorerSource } from "../../../src/engine/models";
import {
  conv,
  flatten,
  gemm,
  globalAveragePool,
  GraphBuilder,
  reduceMean,
  relu,
  reshape,
  type Graph,
} from "../../../src/engine/onnx";
import { openRuntime, type Runtime } from "../../../src/engine/runtime";
import { temporaryFolder } from "../../support/folder";
import { Random } from "../../support/random";
import { runGraph } from "../../support/runGraph";

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const ATTRIBUTES = [
  { name: "smile", group: "expression", unit: "logit", threshold: 0, description: "not smiling to smiling" },
  { name: "beard" },
  { name: "age", unit: "years", threshold: "q0.5" },
];

/** A small random classifier: a convolution, a mean and a layer. */
function network(size: number, outputs = 3): Graph {
  const random = new Random(3);
  const builder = new GraphBuilder("random");
  const x = builder.input("x", [1, 3, size, size]);
  const filters = builder.initializer("filters", {
    type: "float32",
    shape: [5, 3, 3, 3],
    data: random.normals(135),
  });
  const layer = builder.initializer("layer", {
    type: "float32",
    shape: [5, outputs],
    data: random.normals(5 * outputs),
  });
  const hidden = flatten(globalAveragePool(relu(conv(x, filters, { pads: [1, 1, 1, 1] }))));
  builder.output("scores", gemm(hidden, layer));
  return builder.build();
}

const source = (changes: Partial<ScorerSource> = {}): ScorerSource => ({
  name: "random",
  title: "A random classifier",
  graph: network(8),
  attributes: ATTRIBUTES,
  ...changes,
});

let runtime: Runtime;
const opened: OpenedScorer[] = [];
async function open(name: string): Promise<OpenedScorer> {
  const scorer = await openScorer(at(name), runtime);
  opened.push(scorer);
  return scorer;
}

beforeAll(async () => {
  runtime = await openRuntime("cpu");
  await buildScorerPack(at("plain"), source());
});
afterAll(async () => {
  for (const scorer of opened) await scorer.dispose();
  await runtime.dispose();
});

async function scoresOf(graph: Graph, x: Float32Array): Promise<number[]> {
  const { scores = [] } = await runGraph(graph, { x });
  return Array.from(scores);
}

function expectClose(a: ArrayLike<number>, b: ArrayLike<number>): void {
  expect(a.length).toBe(b.length);
  Array.from(a).forEach((value, index) => {
    expect(Math.abs(value - (b[index] ?? NaN))).toBeLessThan(1e-5 * (1 + Math.abs(value)));
  });
}

describe("a scorer pack", () => {
  it("scores pictures of its own size as its network does, in any number", async () => {
    const scorer = await open("plain");
    expect(scorer.attributes).toEqual(ATTRIBUTES);
    const random = new Random(5);
    const pictures = Float32Array.from({ length: 11 * 192 }, () => random.uniform() * 2 - 1);
    const scores = await scorer.score(pictures, 11, 8);
    for (let face = 0; face < 11; face++) {
      const picture = pictures.slice(face * 192, (face + 1) * 192);
      expectClose(scores.subarray(face * 3, face * 3 + 3), await scoresOf(network(8), picture));
      expectClose(await scorer.score(picture, 1, 8), scores.subarray(face * 3, face * 3 + 3));
    }
  });

  it("clips pictures, shrinks them by averages and enlarges them", async () => {
    const scorer = await open("plain");
    const random = new Random(6);
    const small = Float32Array.from({ length: 192 }, () => random.uniform() * 2 - 1);
    const large = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => {
      const [c, row, column] = [Math.floor(i / 1024), Math.floor(i / 32) % 32, i % 32];
      return small[(c * 8 + (row >> 2)) * 8 + (column >> 2)] ?? NaN;
    });
    expectClose(await scorer.score(large, 1, 32), await scorer.score(small, 1, 8));
    const clipped = small.map((value) => Math.max(-1, Math.min(1, value * 3)));
    expectClose(
      await scorer.score(
        small.map((value) => value * 3),
        1,
        8,
      ),
      await scorer.score(clipped, 1, 8),
    );
    const flat = new Float32Array(3 * 4 * 4).fill(0.3);
    expectClose(await scorer.score(flat, 1, 4), await scorer.score(new Float32Array(192).fill(0.3), 1, 8));
  });

  it("brings pictures to the range, mean and deviation that its manifest tells", async () => {
    const input = { range: [0, 255], mean: [123, 117, 104], deviation: [58, 57, 56] } as const;
    await buildScorerPack(at("bytes"), source({ input }));
    const random = new Random(7);
    const pictures = Float32Array.from({ length: 192 }, () => random.uniform() * 2 - 1);
    const prepared = pictures.map((value, index) => {
      const colour = Math.floor(index / 64);
      return ((value + 1) * 127.5 - (input.mean[colour] ?? 0)) / (input.deviation[colour] ?? 1);
    });
    const scorer = await open("bytes");
    expectClose(await scorer.score(pictures, 1, 8), await scoresOf(network(8), prepared));
    expect(scorer.sha256).not.toBe((await open("plain")).sha256);
  });

  it("can be differentiated: its scores are its graph's", async () => {
    const scorer = await open("plain");
    const x = new Random(8).normals(3 * 16 * 16);
    const graph = await scorer.derivatives?.graph(16);
    if (graph === undefined) throw new Error("no derivatives");
    expectClose(await scoresOf(graph, x), await scorer.score(x, 1, 16));
    expect(scorer.derivatives?.outputsOf(1)).toEqual(["scores"]);
    expect(scorer.derivatives?.pullBack(1, {}, 2)).toEqual({ scores: Float32Array.of(0, 1, 0, 0, 1, 0) });
  });

  it("is named by its weights, whatever it is called", async () => {
    const plain = (await openScorerPack(at("plain"))).manifest;
    const again = (await buildScorerPack(at("again"), source({ name: "again", title: "Again" }))).manifest;
    expect(again.sha256).toBe(plain.sha256);
    const weights = { weightsSha256: "1".repeat(64) };
    const [a, b] = [
      await buildScorerPack(at("a"), source({ ...weights, graph: network(8) })),
      await buildScorerPack(at("b"), source({ ...weights, graph: network(8) })),
    ];
    expect(a.manifest.sha256).toBe(b.manifest.sha256);
    expect(a.manifest.sha256).not.toBe(plain.sha256);
  });
});

describe("building a scorer pack", () => {
  it.each<[string, Partial<ScorerSource>, RegExp]>([
    [
      "attributes that its graph lacks",
      { attributes: ATTRIBUTES.slice(1) },
      /does not take x \[1,3,S,S\] to scores \[1,2\]/,
    ],
    [
      "an attribute twice",
      { attributes: [0, 1, 1].map((i) => ATTRIBUTES[i] ?? { name: "" }) },
      /names the attribute "beard" twice/,
    ],
    ["a name that leads elsewhere", { name: "../evil" }, /"name" must match pattern/],
    ["a range without width", { input: { range: [1, 1] } }, /its range is empty/],
    ["a deviation of nothing", { input: { deviation: [1, 0, 1] } }, /divides by the deviation 0/],
    ["a mean without number", { input: { mean: [NaN, 0, 0] } }, /describes no scorer/],
  ])("refuses %s", async (_, changes, sentence) => {
    await expect(buildScorerPack(at("never"), source(changes))).rejects.toThrow(sentence);
    expect(await readdir(folder)).not.toContain("never");
  });

  it("refuses a network that takes one picture only", async () => {
    const builder = new GraphBuilder("fixed");
    const x = builder.input("x", [1, 3, 8, 8]);
    builder.output("scores", reshape(reduceMean(x, [2, 3]), [1, 3]));
    await expect(buildScorerPack(at("never"), source({ graph: builder.build() }))).rejects.toThrow(
      /takes one picture only/,
    );
  });

  it("replaces a scorer pack as a whole, and nothing else", async () => {
    await mkdir(at("photos"));
    await writeFile(join(at("photos"), "me.png"), "");
    await expect(buildScorerPack(at("photos"), source())).rejects.toThrow(
      /is there already and no model pack/,
    );
    expect(await readdir(at("photos"))).toEqual(["me.png"]);
    await buildScorerPack(at("twice"), source());
    const two = { attributes: ATTRIBUTES.slice(0, 2), graph: network(16, 2) };
    await buildScorerPack(at("twice"), source(two));
    expect((await openScorerPack(at("twice"))).manifest).toMatchObject({ input: { size: 16 } });
    expect((await readdir(folder)).filter((file) => file.startsWith(".twice"))).toEqual([]);
  });
});

describe("a hostile scorer pack", () => {
  async function forged(
    name: string,
    change: (manifest: Record<string, unknown>) => unknown,
  ): Promise<string> {
    await mkdir(at(name));
    await copyFile(join(at("plain"), "scorer.onnx"), join(at(name), "scorer.onnx"));
    const text = await readFile(join(at("plain"), "model.json"), "utf8");
    const manifest = JSON.parse(text) as Record<string, unknown>;
    await writeFile(join(at(name), "model.json"), JSON.stringify(change(manifest) ?? manifest));
    return name;
  }
  const path = (value: string) => (manifest: Record<string, unknown>) => ({
    ...manifest,
    files: { scorer: { ...(manifest["files"] as { scorer: object }).scorer, path: value } },
  });

  it.each<[string, (manifest: Record<string, unknown>) => unknown, RegExp]>([
    ["of the future", (manifest) => ({ ...manifest, version: 2 }), /newer version of RFM/],
    [
      "of another kind",
      (manifest) => ({ ...manifest, kind: "model" }),
      /describes no scorer \("kind" must be equal/,
    ],
    ["with a path", path("../plain/scorer.onnx"), /"files.scorer.path" must match pattern/],
    ["without its file", path("other.onnx"), /other\.onnx cannot be read: it does not exist/],
    [
      "with more attributes",
      (manifest) => ({ ...manifest, attributes: [...ATTRIBUTES, { name: "more" }] }),
      /is not what its model\.json says/,
    ],
    [
      "of another size",
      (manifest) => ({ ...manifest, input: { ...(manifest["input"] as object), size: 9 } }),
      /is not what its model\.json says/,
    ],
    [
      "with a threshold of words",
      (manifest) => ({ ...manifest, attributes: [{ name: "a", threshold: "high" }] }),
      /"attributes.0.threshold"/,
    ],
    ["that is a list", () => [], /describes no scorer/],
  ])("%s is refused", async (what, change, sentence) => {
    const name = await forged(what.replaceAll(" ", "-"), change);
    const score = async (): Promise<unknown> => (await open(name)).score(new Float32Array(192), 1, 8);
    await expect(score()).rejects.toThrow(sentence);
  });

  it("with another network, or a link out of it, is refused", async () => {
    const changed = await forged("changed", () => undefined);
    const bytes = await readFile(join(at(changed), "scorer.onnx"));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(join(at(changed), "scorer.onnx"), bytes);
    await expect((await open(changed)).score(new Float32Array(192), 1, 8)).rejects.toThrow(
      /is not the file that/,
    );
    const linked = await forged("linked", () => undefined);
    await rm(join(at(linked), "scorer.onnx"));
    await symlink(join(at("plain"), "scorer.onnx"), join(at(linked), "scorer.onnx"));
    await expect(openScorerPack(at(linked))).rejects.toThrow(/is a link out of the model pack/);
  });

  it("is no model, and a folder without manifest is neither", async () => {
    await expect(openPack(at("plain"))).rejects.toThrow(/describes no model/);
    await mkdir(at("empty"));
    await expect(openScorerPack(at("empty"))).rejects.toThrow(/is no model pack \(it has no model\.json\)/);
  });
});
