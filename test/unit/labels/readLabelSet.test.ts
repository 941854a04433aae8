import { cp, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeNpy } from "../../../src/engine/checkpoints";
import { createLabelSet, readLabelSet, scoreProblems } from "../../../src/engine/labels";
import { temporaryFolder } from "../../support/folder";
import { model, RUN, scorer } from "./fakes";

const folder = temporaryFolder();

/** A document as anybody may have written it. */
interface Loose {
  count: number;
  seeds: unknown;
  attributes: { name: string }[];
  shards: { start: number; end: number; sha256?: string }[];
}

beforeAll(async () => {
  await createLabelSet(join(folder, "good"), model, scorer(), { start: 0, end: 768 }, { batch: 4, run: RUN });
});

/** A copy of a good set of three shards, with another document. */
async function forged(name: string, change: (document: Loose) => void): Promise<string> {
  const document = JSON.parse(await readFile(join(folder, "good.labels.json"), "utf8")) as Loose;
  change(document);
  await cp(join(folder, "good.labels"), join(folder, `${name}.labels`), { recursive: true });
  await writeFile(join(folder, `${name}.labels.json`), JSON.stringify(document));
  return join(folder, name);
}

describe("readLabelSet", () => {
  it("reads what was written, by name or by document", async () => {
    const set = await readLabelSet(join(folder, "good"));
    expect(set.scores.length).toBe(768 * 2);
    expect((await readLabelSet(join(folder, "good.labels.json"))).scores).toEqual(set.scores);
    expect(scoreProblems(set, "good")).toEqual([]);
  });

  it.each<[string, (document: Loose) => void, RegExp]>([
    [
      "claims more faces than shards",
      (document) => {
        document.count = 9_000_000;
        document.seeds = { start: 0, end: 9_000_000 };
      },
      /lacks the scores 768 to 8999999 of its 9000000 faces; finish it/,
    ],
    [
      "claims a shard of a billion faces",
      (document) => {
        document.count = 1e9;
        document.seeds = { start: 0, end: 1e9 };
        document.shards = [{ start: 0, end: 1e9 }];
      },
      /names 1000000000 seeds, more than 10000000/,
    ],
    [
      "claims a shard that is larger than its file",
      (document) => {
        document.count = 9_000_000;
        document.seeds = { start: 0, end: 9_000_000 };
        document.shards = [{ start: 0, end: 9_000_000 }];
      },
      /0-9000000\.npy is missing; make it anew/,
    ],
    [
      "leaves one out",
      (document) => void document.shards.splice(1, 1),
      /lacks the scores 256 to 511 of its 768/,
    ],
    [
      "orders them otherwise",
      (document) => void document.shards.reverse(),
      /the shard 256-512 is out of order/,
    ],
    [
      "lets two overlap",
      (document) => void document.shards.splice(1, 1, { start: 128, end: 512 }),
      /the shard 128-512 is out of order/,
    ],
    [
      "names another hash",
      (document) => void document.shards.splice(1, 1, { start: 256, end: 512, sha256: "0".repeat(64) }),
      /256-512\.npy is not what its label set wrote; .* --resume/,
    ],
    [
      "names another number of attributes",
      (document) => void document.attributes.push({ name: "third" }),
      /0-256\.npy holds float32 256x2, not float32 256x3/,
    ],
    [
      "names a seed twice",
      (document) => {
        document.seeds = Array.from({ length: 768 }, (_, i) => (i === 700 ? 3 : i));
      },
      /names the seed 3 twice; name each face once/,
    ],
    [
      "counts otherwise than its seeds",
      (document) => {
        document.seeds = [1, 2, 3];
      },
      /it has 3 seeds, but its count says 768/,
    ],
    [
      "holds neither seeds nor codes",
      (document) => {
        delete document.seeds;
      },
      /0-256\.w\.npy cannot be read/,
    ],
  ])("refuses a document that %s", async (what, change, sentence) => {
    await expect(readLabelSet(await forged(what.replaceAll(" ", "-"), change))).rejects.toThrow(sentence);
  });

  it("refuses shards that took each other's place, and those of another type", async () => {
    const name = await forged("swapped", () => undefined);
    const at = (file: string): string => join(`${name}.labels`, file);
    await rename(at("0-256.npy"), at("aside"));
    await rename(at("256-512.npy"), at("0-256.npy"));
    await rename(at("aside"), at("256-512.npy"));
    await expect(readLabelSet(name)).rejects.toThrow(/0-256\.npy is not what its label set wrote/);
    const wide = await forged("wide", (document) => {
      for (const shard of document.shards) delete shard.sha256;
    });
    const bytes = Buffer.from(writeNpy(new Float32Array(1024), [256, 4]));
    const text = bytes.toString("latin1").replace("<f4", "<f8").replace("(256, 4)", "(256, 2)");
    await writeFile(join(`${wide}.labels`, "0-256.npy"), Buffer.from(text, "latin1"));
    await expect(readLabelSet(wide)).rejects.toThrow(/holds float64 256x2, not float32 256x2/);
  });

  it("never makes room for what a document only claims", async () => {
    const name = await forged("greedy", (document) => {
      document.attributes = Array.from({ length: 10_000 }, (_, i) => ({ name: `a${i}` }));
      document.count = 9_000_000;
      document.seeds = { start: 0, end: 9_000_000 };
      document.shards = [{ start: 0, end: 9_000_000 }];
    });
    const before = process.memoryUsage().arrayBuffers;
    await expect(readLabelSet(name)).rejects.toThrow(/is missing/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50e6);
  });
});

describe("scoreProblems", () => {
  it("tells which attribute has what is no number, and for whom", async () => {
    const name = join(folder, "holes");
    const bad = scorer({
      attributes: [{ name: "sound" }, { name: "holed" }, { name: "endless" }],
      score: (_, n) =>
        Promise.resolve(Float32Array.from({ length: n * 3 }, (_, i) => [1, NaN, Infinity][i % 3] ?? 0)),
    });
    await createLabelSet(name, model, bad, [4, 9], { batch: 2, run: RUN });
    expect(scoreProblems(await readLabelSet(name), "holes")).toMatchObject([
      {
        attribute: "holed",
        column: 1,
        faces: 2,
        seed: 4,
        message: expect.stringMatching(
          /^holes has the score NaN of "holed" for the seed 4 and no number for 1 more;/,
        ) as string,
      },
      { attribute: "endless", column: 2, message: expect.stringContaining("the score Infinity") as string },
    ]);
  });
});
