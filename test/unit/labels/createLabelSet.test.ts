import { appendFile, mkdir, readdir, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  createLabelSet,
  facesDone,
  labelSeeds,
  readLabelSet,
  type LabelledSeeds,
} from "../../../src/engine/labels";
import { readDocument } from "../../../src/engine/files";
import { missingSpans } from "../../../src/engine/labels/spans";
import { temporaryFolder } from "../../support/folder";
import { Random } from "../../support/random";
import { bytesOf, model, RUN, scorer } from "./fakes";

/** One whole shard of 64 batches of 4 faces and one of 6 batches and 3 faces. */
const SEEDS = { start: 5, end: 5 + 4 * 70 + 3 };

const folder = temporaryFolder();
let sets = 0;
const fresh = (): string => `set${sets++}`;

const create = (
  name: string,
  changes: Partial<Parameters<typeof createLabelSet>[4]> = {},
  by = scorer(),
  seeds: LabelledSeeds = SEEDS,
  of = model,
) => createLabelSet(join(folder, name), of, by, seeds, { batch: 4, psi: 0.7, run: RUN, ...changes });

/** How many of its faces have scores. */
async function done(name: string): Promise<number> {
  const document = join(folder, `${name}.labels.json`);
  return facesDone(document, await readDocument(document, "labels"));
}

const bytes = (name: string): Promise<Record<string, string>> => bytesOf(folder, name);

describe("createLabelSet", () => {
  it("writes the scores that labelling in memory gives, in shards", async () => {
    const name = fresh();
    await create(name);
    const set = await readLabelSet(join(folder, name));
    const seeds = Array.from({ length: SEEDS.end - SEEDS.start }, (_, i) => SEEDS.start + i);
    const inMemory = await labelSeeds(model, scorer(), seeds, { batch: 4, psi: 0.7 });
    expect(set.seeds).toEqual(seeds);
    expect(set.scores).toEqual(inMemory.scores);
    expect(await readdir(join(folder, `${name}.labels`))).toEqual(["0-256.npy", "256-283.npy"]);
  });

  it("labels a list of seeds, each as in a range", async () => {
    const [range, list] = [fresh(), fresh()];
    await create(range);
    await create(list, {}, scorer(), [9, 5, 200]);
    const [a, b] = [await readLabelSet(join(folder, range)), await readLabelSet(join(folder, list))];
    expect(b.seeds).toEqual([9, 5, 200]);
    expect([...b.scores]).toEqual([4, 0, 195].flatMap((row) => [...a.scores.subarray(row * 2, row * 2 + 2)]));
  });

  it.each([
    [[7, 8, 7], /seed 7 twice/],
    [[5, 2 ** 32 + 5], /5 and 4294967301, the same face/],
    [[], /name at least one/],
    [{ start: 0, end: 2 ** 40 }, /make several smaller sets/],
  ])("refuses the seeds %j", async (seeds, sentence) => {
    const name = fresh();
    await expect(create(name, {}, scorer(), seeds)).rejects.toThrow(sentence);
    expect((await readdir(folder)).filter((file) => file.startsWith(`${name}.`))).toEqual([]);
  });

  it("writes down the truncation that the model chose", async () => {
    const name = fresh();
    const of = { ...model, psi: { default: 0.5, cutoff: 3 } };
    const { psi: _, ...settings } = { psi: 0, batch: 4, run: RUN };
    const document = await createLabelSet(join(folder, name), of, scorer(), [1, 5], settings);
    expect(document).toMatchObject({ psi: 0.5, cutoff: 3 });
  });
});

describe("a resumed label set", () => {
  it.each([0, 1, 37, 63, 64, 65, 70])(
    "after a death in batch %i, ends with the same bytes",
    async (batch) => {
      const [whole, killed] = [fresh(), fresh()];
      await create(whole);
      await expect(create(killed, {}, scorer({ failAfter: batch }))).rejects.toThrow("killed");
      expect(await done(killed)).toBe(4 * batch);
      const rest = scorer();
      await create(killed, { resume: true }, rest);
      expect(rest.calls()).toBe(71 - batch);
      expect(await bytes(killed)).toEqual(await bytes(whole));
      expect(await done(killed)).toBe(4 * 70 + 3);
    },
  );

  it.each([
    ["torn", 40, (path: string) => truncate(path, 10 * 64 - 7)],
    ["followed by garbage", 44, (path: string) => appendFile(path, Buffer.alloc(64, 1))],
  ])("labels a batch that is %s again, and only that", async (_, first, damage) => {
    const [whole, name] = [fresh(), fresh()];
    await create(whole);
    await expect(create(name, {}, scorer({ failAfter: 10 }))).rejects.toThrow("killed");
    await damage(join(folder, `${name}.labels`, "0.partial"));
    let least = Infinity;
    await create(name, { resume: true, onProgress: ({ done }) => (least = Math.min(least, done)) });
    expect(least).toBe(first);
    expect(await bytes(name)).toEqual(await bytes(whole));
  });

  it.each([
    ["changed", (path: string) => writeFile(path, Buffer.alloc(256 * 8 + 128, 1)), /is no whole array/],
    ["cut short", (path: string) => truncate(path, 500), /is no whole array/],
    ["gone", (path: string) => rm(path), /is missing/],
  ])("labels a shard in the middle that is %s again, and no other one", async (_, damage, sentence) => {
    const [whole, name] = [fresh(), fresh()];
    const seeds = { start: 0, end: 4 * 64 * 3 };
    await create(whole, {}, scorer(), seeds);
    await create(name, {}, scorer(), seeds);
    await damage(join(folder, `${name}.labels`, "256-512.npy"));
    await expect(readLabelSet(join(folder, name))).rejects.toThrow(sentence);
    await expect(readLabelSet(join(folder, name))).rejects.toThrow(/256-512\.npy .*--resume/);
    const by = scorer();
    await create(name, { resume: true }, by, seeds);
    expect(by.calls()).toBe(64);
    expect(await bytes(name)).toEqual(await bytes(whole));
  });

  it("is repaired in spite of a death during the repair", async () => {
    const [whole, name] = [fresh(), fresh()];
    const seeds = { start: 0, end: 4 * 64 * 3 };
    await create(whole, {}, scorer(), seeds);
    await create(name, {}, scorer(), seeds);
    await rm(join(folder, `${name}.labels`, "0-256.npy"));
    await rm(join(folder, `${name}.labels`, "512-768.npy"));
    await expect(create(name, { resume: true }, scorer({ failAfter: 70 }), seeds)).rejects.toThrow("killed");
    const by = scorer();
    await create(name, { resume: true }, by, seeds);
    expect(by.calls()).toBe(58);
    expect(await bytes(name)).toEqual(await bytes(whole));
  });

  it("sweeps away what killed runs left, and nothing else", async () => {
    const [whole, name] = [fresh(), fresh()];
    await create(whole);
    await expect(create(name, {}, scorer({ failAfter: 3 }))).rejects.toThrow("killed");
    const inside = join(folder, `${name}.labels`);
    for (const file of [".0-256.npy.0123456789ab.tmp", "12.partial", "300-400.npy"])
      await writeFile(join(inside, file), "left");
    await writeFile(join(folder, `.${name}.labels.json.0123456789ab.tmp`), "left");
    await writeFile(join(inside, "notes.txt"), "mine");
    await create(name, { resume: true });
    const { "notes.txt": mine, ...files } = await bytes(name);
    expect(Buffer.from(mine ?? "", "base64").toString()).toBe("mine");
    expect(files).toEqual(await bytes(whole));
    expect((await readdir(folder)).filter((file) => file.startsWith(`.${name}`))).toEqual([]);
  });

  it("stays as it is where it is finished", async () => {
    const name = fresh();
    await create(name);
    const before = await bytes(name);
    await create(name, { resume: true }, scorer({ failAfter: 0 }));
    expect(await bytes(name)).toEqual(before);
  });

  it("goes on with its own batch size where none is asked for", async () => {
    const name = fresh();
    await create(name);
    const before = await bytes(name);
    const options = { psi: 0.7, resume: true, run: RUN };
    await createLabelSet(join(folder, name), model, scorer(), SEEDS, options);
    expect(await bytes(name)).toEqual(before);
  });

  it("tells what differs from how it was begun", async () => {
    const name = fresh();
    await create(name, { cutoff: 4 });
    const resume = (changes: object, by = scorer(), seeds: LabelledSeeds = SEEDS, of = model) =>
      create(name, { cutoff: 4, resume: true, ...changes }, by, seeds, of);
    await expect(create(name)).rejects.toThrow(/exists already; go on with it by --resume/);
    await expect(resume({ psi: 1 })).rejects.toThrow(/with the truncation psi 0\.7, not 1;/);
    await expect(resume({ cutoff: null })).rejects.toThrow(/with the truncation's cutoff 4, not none;/);
    await expect(resume({ batch: 8 })).rejects.toThrow(/with batches of 4 faces, not of 8;/);
    await expect(resume({}, scorer(), { start: 0, end: 10 })).rejects.toThrow(
      /seeds 5 to 287, not the seeds 0 to 9;/,
    );
    const other = { ...model, name: "other", sha256: "c".repeat(64) };
    await expect(resume({}, scorer(), SEEDS, other)).rejects.toThrow(
      /with the model fake \(aaaaaaaa\), not other \(cccccccc\);/,
    );
    const scorers = [
      scorer({ sha256: "d".repeat(64) }),
      scorer({ attributes: [{ name: "value" }] }),
    ] as const;
    await expect(resume({}, scorers[0])).rejects.toThrow(
      /with the scorer fake \(bbbbbbbb\), not fake \(dddddddd\);/,
    );
    await expect(resume({}, scorers[1])).rejects.toThrow(
      /with the attribute "double", which the other lacks;/,
    );
  });
});

describe("what stands in the way", () => {
  it("is not written over: scores whose document is gone", async () => {
    const name = fresh();
    await create(name);
    await rename(join(folder, `${name}.labels.json`), join(folder, `${name}.elsewhere`));
    const before = await readdir(join(folder, `${name}.labels`));
    await expect(create(name, { resume: true })).rejects.toThrow(
      /holds 0-256\.npy but .* is gone; move the folder/,
    );
    expect(await readdir(join(folder, `${name}.labels`))).toEqual(before);
  });

  it("is named: a file where the folder should be", async () => {
    const name = fresh();
    await writeFile(join(folder, `${name}.labels`), "");
    await expect(create(name)).rejects.toThrow(new RegExp(`${name}\\.labels cannot be written`));
  });

  it("is passed over: an empty folder", async () => {
    const name = fresh();
    await mkdir(join(folder, `${name}.labels`));
    expect((await create(name)).shards.length).toBe(2);
  });
});

it("stops between batches when cancelled, and says what is missing", async () => {
  const name = fresh();
  const controller = new AbortController();
  const onProgress = ({ done }: { done: number }): void => {
    if (done === 40) controller.abort();
  };
  await expect(create(name, { signal: controller.signal, onProgress })).rejects.toThrow(/Cancelled/);
  await expect(readLabelSet(join(folder, name))).rejects.toThrow(/lacks the scores of all its 283 faces/);
  expect(await readdir(join(folder, `${name}.labels`))).toEqual(["0.partial"]);
});

describe("missingSpans", () => {
  it("covers what shards leave open exactly, and ends at full shards", () => {
    const random = new Random(4);
    for (let trial = 0; trial < 200; trial++) {
      const batch = 1 + Math.floor(random.uniform() * 5);
      const count = 1 + Math.floor(random.uniform() * batch * 300);
      const edges = Array.from({ length: 6 }, () => Math.floor((random.uniform() * count) / batch) * batch);
      const [a = 0, b = 0, c = 0, d = 0] = [...new Set(edges)].sort((x, y) => x - y);
      const shards = [
        { start: a, end: b },
        { start: c, end: d },
      ].filter(({ start, end }) => end > start);
      const taken = new Uint8Array(count);
      for (const { start, end } of [...shards, ...missingSpans(count, batch, shards)]) {
        expect(end - start).toBeGreaterThan(0);
        for (let face = start; face < end; face++) taken[face] = (taken[face] ?? 0) + 1;
      }
      expect(taken.every((times) => times === 1)).toBe(true);
      for (const { start, end } of missingSpans(count, batch, shards)) {
        expect(start % batch).toBe(0);
        expect(Math.floor(start / (64 * batch))).toBe(Math.floor((end - 1) / (64 * batch)));
      }
    }
  });
});
