import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type AnyDocument,
  type DirectionDocument,
  parseDocument,
  readDocument,
  serialiseDocument,
  writeDocument,
} from "../../../src/engine/files";
import { exampleDirection, exampleLabels, exampleLatent, exampleRecipe } from "../../support/documents";
import { failureOf, temporaryFolder } from "../../support/folder";

const folder = temporaryFolder();
const examples: AnyDocument[] = [exampleLatent(), exampleDirection(), exampleLabels(), exampleRecipe()];

/** The same object with its keys in another order. */
function reversed<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).reverse()) as Value;
}

describe("documents", () => {
  it.each(examples)(
    "a $kind with every field comes back as it was, from canonical bytes",
    async (document) => {
      const path = join(folder, `x.${document.kind}.json`);
      await writeDocument(path, document);
      const read = await readDocument(path, document.kind);
      const float32 = JSON.parse(JSON.stringify(document), (_key, value: unknown) =>
        typeof value === "number" && !Number.isSafeInteger(value) ? Math.fround(value) : value,
      ) as object;
      const back = JSON.parse(JSON.stringify(read), (_key, value: unknown) =>
        typeof value === "number" && !Number.isSafeInteger(value) ? Math.fround(value) : value,
      ) as object;
      expect(back).toEqual({ ...float32, $schema: `rfm-schema:/${document.kind}.schema.json` });
      expect(serialiseDocument(read)).toBe(readFileSync(path, "utf8"));
    },
  );

  it("prints a latent with one row per line, keys in order and the run last", () => {
    const latent = {
      ...exampleLatent(2, 5),
      w: [
        [0.1, -0, 1, 1e-40, 3],
        [5, 6, 7, 8, 9],
      ],
    };
    const { source: _source, inversion: _inversion, history: _history, tuned: _tuned, ...plain } = latent;
    expect(serialiseDocument(reversed({ ...plain, edits: [] }))).toBe(`{
  "$schema": "rfm-schema:/latent.schema.json",
  "kind": "latent",
  "version": 1,
  "model": {
    "name": "demo",
    "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  },
  "space": "w+",
  "shape": [2, 5],
  "norm": 3.5,
  "metrics": {
    "psnr": 27.5,
    "ssim": 0.9,
    "lpips": 0.1,
    "identity": 0.3
  },
  "edits": [],
  "w": [
    [0.1, -0, 1, 1e-40, 3],
    [5, 6, 7, 8, 9]
  ],
  "run": {
    "createdAt": "2025-01-02T03:04:05.000Z",
    "seconds": 1.5,
    "provider": "cpu",
    "version": "0.1.0"
  }
}
`);
  });

  it("keeps keys that it does not know", () => {
    const text = serialiseDocument(exampleRecipe()).replace('"name"', '"zebra": {"b": 1, "a": [2]}, "name"');
    const again = serialiseDocument(parseDocument(text, "recipe", "x"));
    expect(again).toContain('"zebra": {\n    "a": [2],\n    "b": 1\n  }');
    expect(again.indexOf("zebra")).toBeLessThan(again.indexOf('"run"'));
  });

  it("reads a text with a byte order mark", () => {
    const text = Buffer.from(`\uFEFF${serialiseDocument(exampleRecipe())}`);
    expect(parseDocument(text, "recipe", "x").kind).toBe("recipe");
  });
});

describe("bad documents", () => {
  const good = serialiseDocument(exampleLatent());
  const row = /"w": \[\[.*\]\](?=,\n {2}"run")/;
  const value = (place: string, replacement: string): string =>
    good.replace(new RegExp(`"${place}": [^,\\n]+`), `"${place}": ${replacement}`);

  it.each([
    ["nothing", "", "x is empty; "],
    ["blanks", " \n ", "x is empty; "],
    ["an endless nest", "[".repeat(20_000) + "]".repeat(20_000), "x nests too deeply for a document"],
    ["a document that ends at a sign", '{"w":[1,-', "x is no valid JSON (it ends in the middle"],
    ["half a document", good.slice(0, good.length / 2), "x is no valid JSON (it ends in the middle"],
    ["a text", "Hello, world", "x is no valid JSON (its syntax is wrong"],
    ["a list", "[1, 2]", "x is no RFM document; name a .latent.json file"],
    ["null", "null", "x is no RFM document"],
    ["another program's object", "{}", "x is no RFM document, not a latent"],
    ["another kind", serialiseDocument(exampleDirection()), "x holds a direction, not a latent"],
    [
      "a newer version",
      value("version", "7"),
      "x is a latent of version 7, but this RFM reads up to version 1; update",
    ],
    ["no version", value("version", '"one"'), "x has no version number"],
    ["NaN", value("norm", "NaN"), "x is no valid JSON (NaN is no number at line"],
    ["-Infinity", value("norm", "-Infinity"), "x is no valid JSON (-Infinity is no number at line"],
    ["NaN as null", good.replace(row, '"w": [[1, null, 2]]'), '"w[0][1]" must be number but is null'],
    ["an infinity by overflow", value("norm", "1e999"), '"norm" must be number but is Infinity'],
    ["no float32", good.replace(row, '"w": [[1, 1e39, 2]]'), '"w[0][1]" must be <='],
    ["too few rows", good.replace(row, '"w": [[1, 2, 3]]'), '"w" has 1 rows, but its shape says 4 x 3'],
    ["a short row", good.replace(row, '"w": [[1,2,3],[1,2],[1,2,3],[1,2,3]]'), 'row 1 of "w" has 2 numbers'],
    ["a giant shape", good.replace("[4, 3]", "[100000, 10000]"), "its shape says 100000 x 10000"],
    ["many rows in one-row space", value("space", '"w"'), "a latent in w has one row, but its shape says 4"],
    ["a missing part", good.replace('"norm"', '"nor"'), '"norm" is missing'],
    ["a wrong hash", good.replace("0123456789abcdef", "XYZ"), '"model.sha256" must match pattern'],
    ["a misspelt edit", good.replace('"muted"', '"mute"'), "edits[0]"],
    [
      "a broken layer range",
      good.replace('"layers": [0, 4]', '"layers": [4, 0]'),
      "in edit 0, the layers 4:0 end",
    ],
    [
      "layer amounts of another length",
      good.replace('"layers": [0, 4]', '"layers": [0, 3]'),
      '"layerAmounts" has 4',
    ],
  ])("%s: one sentence", async (_what, text, said) => {
    const error = await failureOf(() => parseDocument(text, "latent", "x"));
    expect(error).toMatchObject({ code: "document" });
    expect(error.message).toContain(said);
    expect(error.message).toMatch(/^x [^\n]+; [^\n]+\.$/);
  });

  it.each<[string, Partial<DirectionDocument>, string]>([
    ["a vector that is no unit", { shape: [2], vector: [3, 4] }, "must have the length 1 but has 5.000"],
    ["a zero vector", { shape: [2], vector: [0, 0] }, "must have the length 1 but has 0.000"],
    [
      "a flat vector with a matrix's shape",
      { vector: [0.6, 0.8] },
      '"vector" has 2 numbers, but its shape says 2 x 2',
    ],
    ["rows with a flat shape", { shape: [4] }, '"vector" has rows, but its shape says 4'],
    ["a negative sigma", { sigma: -1 }, '"sigma" must be > 0 but is -1'],
  ])("a direction with %s is neither written nor read", async (_what, change, said) => {
    const document: DirectionDocument = { ...exampleDirection(), ...change };
    expect((await failureOf(() => serialiseDocument(document))).message).toContain(said);
    expect(
      (await failureOf(() => parseDocument(JSON.stringify(document), "direction", "x"))).message,
    ).toContain(said);
  });

  it.each([
    ["seeds of another count", { count: 3 }, "it has 4294967296 seeds, but its count says 3"],
    [
      "shards out of order",
      {
        shards: [
          { start: 16, end: 32 },
          { start: 0, end: 16 },
        ],
      },
      "the shard 0-16 is out of order",
    ],
    ["shards beyond the end", { seeds: [5, 6], count: 2 }, "its shards reach to 16, but its count says 2"],
  ])("a label set with %s is refused", async (_what, change, said) => {
    expect((await failureOf(() => serialiseDocument({ ...exampleLabels(), ...change }))).message).toContain(
      said,
    );
  });

  it("refuses bytes that are no text", async () => {
    const error = await failureOf(() => parseDocument(Uint8Array.of(0xff, 0xd8, 0xff), "latent", "x"));
    expect(error.message).toMatch(/^x is no UTF-8 text; /);
  });

  it("writes no number that could not be read, and keeps the old file", async () => {
    const inside = join(folder, "kept");
    mkdirSync(inside);
    const path = join(inside, "x.latent.json");
    writeFileSync(path, "old");
    for (const norm of [NaN, Infinity, 1e39]) {
      const error = await failureOf(() => writeDocument(path, { ...exampleLatent(), norm }));
      expect(error.message).toBe(`"norm" is ${norm}, which a document cannot hold.`);
    }
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(inside)).toEqual(["x.latent.json"]);
  });

  it("measures a file of a thousand million numbers before reading it", async () => {
    const path = join(folder, "giant.latent.json");
    const { open } = await import("node:fs/promises");
    const handle = await open(path, "w");
    await handle.write(good);
    await handle.truncate(4e9);
    await handle.close();
    expect((await failureOf(() => readDocument(path, "latent"))).message).toBe(
      `${path} is larger than the 64 MB allowed here; name the right file.`,
    );
  });
});
