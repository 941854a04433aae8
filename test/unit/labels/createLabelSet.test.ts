import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createLabelSet,
  labelSeeds,
  readLabelSet,
  type FaceSource,
  type Scorer,
} from "../../../src/engine/labels";

const RUN = { createdAt: "2026-01-01T00:00:00.000Z", version: "0.0.0" };
const SEEDS = { start: 5, end: 5 + 4 * 70 + 3 };

/** A model whose pictures are sums of z, and a scorer that reads them: enough to see rows in their places. */
const model: FaceSource = {
  name: "fake",
  sha256: "a".repeat(64),
  resolution: 1,
  map: (z) => Promise.resolve(z),
  synthesize: (w, n) =>
    Promise.resolve(
      Float32Array.from({ length: n }, (_, i) => w.subarray(i * 512, i * 512 + 8).reduce((a, b) => a + b, 0)),
    ),
};

function scorer(failAfter = Infinity): Scorer {
  let calls = 0;
  return {
    name: "fake",
    sha256: "b".repeat(64),
    attributes: [{ name: "value" }, { name: "double" }],
    score: (pictures, n) => {
      if (++calls > failAfter) return Promise.reject(new Error("killed"));
      return Promise.resolve(
        Float32Array.from({ length: n * 2 }, (_, i) => (pictures[i >> 1] ?? 0) * ((i % 2) + 1)),
      );
    },
  };
}

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "labels-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const create = (
  name: string,
  changes: Partial<Parameters<typeof createLabelSet>[4]> = {},
  by = scorer(),
  seeds = SEEDS,
) => createLabelSet(join(folder, name), model, by, seeds, { batch: 4, psi: 0.7, run: RUN, ...changes });

async function bytesOf(name: string): Promise<Record<string, string>> {
  const files = (await readdir(join(folder, `${name}.labels`))).sort();
  const contents = await Promise.all(
    files.map((file) => readFile(join(folder, `${name}.labels`, file), "base64")),
  );
  return {
    ...Object.fromEntries(files.map((file, i) => [file, contents[i] ?? ""])),
    document: await readFile(join(folder, `${name}.labels.json`), "utf8"),
  };
}

describe("createLabelSet", () => {
  it("writes the scores that labelling in memory gives, in shards", async () => {
    await create("a");
    const set = await readLabelSet(join(folder, "a"));
    const seeds = Array.from({ length: SEEDS.end - SEEDS.start }, (_, i) => SEEDS.start + i);
    const inMemory = await labelSeeds(model, scorer(), seeds, { batch: 4, psi: 0.7 });
    expect(set.seeds).toEqual(seeds);
    expect(set.scores).toEqual(inMemory.scores);
    expect(await readdir(join(folder, "a.labels"))).toEqual(["0-256.npy", "256-283.npy"]);
  });

  it.each([0, 1, 37, 63, 64, 65, 70])(
    "resumed after a death in batch %i, ends with the same bytes",
    async (batch) => {
      await create("whole");
      await expect(create("a", {}, scorer(batch))).rejects.toThrow("killed");
      await create("a", { resume: true });
      expect(await bytesOf("a")).toEqual(await bytesOf("whole"));
    },
  );

  it("labels a torn or damaged batch again, and only that", async () => {
    await create("whole");
    for (const [name, damage] of [
      ["torn", (path: string) => truncate(path, 10 * 64 - 7)],
      ["garbage", (path: string) => appendFile(path, Buffer.alloc(64, 1))],
    ] as const) {
      await expect(create(name, {}, scorer(10))).rejects.toThrow("killed");
      await damage(join(folder, `${name}.labels`, "0.partial"));
      let first = Infinity;
      await create(name, { resume: true, onProgress: ({ done }) => (first = Math.min(first, done)) });
      expect(first).toBe(name === "torn" ? 40 : 44);
      expect(await bytesOf(name)).toEqual(await bytesOf("whole"));
    }
  });

  it("labels a damaged shard again", async () => {
    await create("whole");
    await create("a");
    await writeFile(join(folder, "a.labels", "256-283.npy"), "garbage");
    await expect(readLabelSet(join(folder, "a"))).rejects.toThrow(/256-283\.npy/);
    await create("a", { resume: true });
    expect(await bytesOf("a")).toEqual(await bytesOf("whole"));
  });

  it("changes nothing when a finished set is resumed", async () => {
    await create("a");
    const before = await bytesOf("a");
    await create("a", { resume: true }, scorer(0));
    expect(await bytesOf("a")).toEqual(before);
  });

  it("refuses to write over a set, and to go on with other settings", async () => {
    await create("a");
    await expect(create("a")).rejects.toThrow(/--resume/);
    await expect(create("a", { resume: true, psi: 1 })).rejects.toThrow(/begun with another/);
    await expect(create("a", { resume: true }, scorer(), { start: 0, end: 10 })).rejects.toThrow(
      /begun with another/,
    );
  });

  it("stops between batches when cancelled, and says what is missing", async () => {
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }): void => {
      if (done === 40) controller.abort();
    };
    await expect(create("a", { signal: controller.signal, onProgress })).rejects.toThrow(/Cancelled/);
    await expect(readLabelSet(join(folder, "a"))).rejects.toThrow(/scores for 0 of its 283 faces/);
    expect(await readdir(join(folder, "a.labels"))).toEqual(["0.partial"]);
  });
});
