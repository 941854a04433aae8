import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createLabelSet, mergeLabelSets, readLabelSet, type LabelledSeeds } from "../../../src/engine/labels";
import { temporaryFolder } from "../../support/folder";
import { bytesOf, model, RUN, scorer } from "./fakes";

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);

async function create(
  name: string,
  seeds: LabelledSeeds,
  changes: object = {},
  by = scorer(),
  of = model,
): Promise<void> {
  await createLabelSet(at(name), of, by, seeds, { batch: 4, psi: 0.7, run: RUN, ...changes });
}

const merge = (names: string[], out: string, changes: object = {}) =>
  mergeLabelSets(names.map(at), at(out), { run: RUN, ...changes });

/** A scorer that adds something to every score. */
const shifted = (by: number) =>
  scorer({ score: async (x, n, size) => (await scorer().score(x, n, size)).map((score) => score + by) });

beforeAll(async () => {
  await create("whole", { start: 0, end: 600 });
  await create("first", { start: 0, end: 300 });
  await create("second", { start: 300, end: 600 }, { batch: 8 });
  await create("third", { start: 280, end: 310 }, { batch: 1 });
  await create("listed", [700, 3, 650]);
});

describe("mergeLabelSets", () => {
  it("gives what one run would have given, whatever the order, batches and overlaps", async () => {
    const whole = await bytesOf(folder, "whole");
    await merge(["first", "second"], "two");
    expect(await bytesOf(folder, "two")).toEqual(whole);
    const { repeated } = await merge(["first", "third", "second"], "three");
    expect(repeated).toBe(30);
    expect(await bytesOf(folder, "three")).toEqual(whole);
    await merge(["second", "third", "first"], "backwards");
    expect((await readLabelSet(at("backwards"))).scores).toEqual((await readLabelSet(at("whole"))).scores);
  });

  it("takes scores that differ by rounding as the same, the first set's, and refuses others", async () => {
    await create("rounded", { start: 290, end: 320 }, {}, shifted(2e-4));
    await merge(["first", "rounded"], "nearly");
    const [merged, first] = [await readLabelSet(at("nearly")), await readLabelSet(at("first"))];
    expect(merged.scores.subarray(0, 600)).toEqual(first.scores);
    await create("moved", { start: 290, end: 320 }, {}, shifted(0.5));
    await expect(merge(["first", "moved"], "never")).rejects.toThrow(
      /first\.labels\.json gives the seed 290 the score .* of "value", but .*moved\.labels\.json gives it/,
    );
  });

  it("refuses gaps unless they are meant", async () => {
    await expect(merge(["second", "listed"], "never")).rejects.toThrow(
      /None of the sets has the seeds 4 to 299; /,
    );
    const { document } = await merge(["first", "listed"], "gaps", { allowGaps: true });
    expect(document.count).toBe(302);
    const [{ seeds, scores }, listed] = [await readLabelSet(at("gaps")), await readLabelSet(at("listed"))];
    expect(seeds.slice(-3)).toEqual([299, 650, 700]);
    expect([...scores.subarray(-4)]).toEqual([
      ...listed.scores.subarray(4, 6),
      ...listed.scores.subarray(0, 2),
    ]);
  });

  it.each<[string, RegExp, () => Promise<void>]>([
    [
      "model",
      /the first has the model fake \(aaaaaaaa\), not other \(cccccccc\)/,
      () => create("model", [1000], {}, scorer(), { ...model, name: "other", sha256: "c".repeat(64) }),
    ],
    [
      "scorer",
      /the first has the scorer fake \(bbbbbbbb\), not fake \(eeeeeeee\)/,
      () => create("scorer", [1000], {}, scorer({ sha256: "e".repeat(64) })),
    ],
    ["psi", /the first has the truncation psi 0\.7, not 0\.5/, () => create("psi", [1000], { psi: 0.5 })],
    [
      "attributes",
      /the first has its attributes in another order/,
      () => create("attributes", [1000], {}, scorer({ attributes: [{ name: "double" }, { name: "value" }] })),
    ],
  ])("refuses sets of another %s", async (name, sentence, make) => {
    await make();
    await expect(merge(["first", name], "never", { allowGaps: true })).rejects.toThrow(sentence);
    expect((await readdir(folder)).filter((file) => file.startsWith("never"))).toEqual([]);
  });

  it("refuses sets that are unfinished or missing, and names that are taken", async () => {
    await expect(create("cut", { start: 600, end: 900 }, {}, scorer({ failAfter: 5 }))).rejects.toThrow(
      "killed",
    );
    await expect(merge(["first", "cut"], "never")).rejects.toThrow(
      /cut\.labels\.json lacks the scores of all/,
    );
    await expect(merge(["first", "nowhere"], "never")).rejects.toThrow(
      /nowhere\.labels\.json cannot be read/,
    );
    const before = await bytesOf(folder, "second");
    await expect(merge(["first", "second"], "second")).rejects.toThrow(/exists already; choose another name/);
    expect(await bytesOf(folder, "second")).toEqual(before);
  });

  it("is repaired like any other set", async () => {
    const by = scorer();
    await merge(["first", "second"], "hurt");
    const { rm } = await import("node:fs/promises");
    await rm(join(folder, "hurt.labels", "0-256.npy"));
    await create("hurt", { start: 0, end: 600 }, { resume: true }, by);
    expect(by.calls()).toBe(64);
    expect(await bytesOf(folder, "hurt")).toEqual(await bytesOf(folder, "whole"));
  });
});
