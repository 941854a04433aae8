import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { editAlong, readDirection } from "../../src/engine/directions";
import { type LatentDocument, readDocument, serialiseDocument } from "../../src/engine/files";
import { temporaryFolder } from "../support/folder";
import { ONE_SENTENCE, rfm, successOf } from "./support/rfm";

const MODELS = join(import.meta.dirname, "..", "..", "dist", "models");
const ASTRONAUT = join(import.meta.dirname, "..", "fixtures", "photos", "astronaut.png");

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);
const succeed = (...args: string[]): Promise<Record<string, unknown>> => successOf(folder, ...args);

beforeAll(async () => {
  await succeed("invert", ASTRONAUT, "--out", "latents", "--iterations", "4");
});

describe("edit", () => {
  const latent = join("latents", "astronaut.latent.json");

  it("takes the pack's directions by name, several at once, and adds what the latent has saved", async () => {
    const document = await readDocument(at(latent), "latent");
    const { edits } = (await succeed(
      "edit",
      latent,
      "--direction",
      "smile=-2",
      "age=1.5",
      "--out",
      "two.png",
    )) as {
      edits: { direction: string; amount: number }[];
    };
    expect(edits).toMatchObject([
      { direction: "smile", amount: -2 },
      { direction: "age", amount: 1.5 },
    ]);
    const smile = await readDirection(join(MODELS, "demo", "directions", "smile.direction.json"));
    writeFileSync(at("saved.latent.json"), serialiseDocument({ ...document, edits: [editAlong(smile, -2)] }));
    await succeed("edit", "saved.latent.json", "--direction", "age=1.5", "--out", "saved.png");
    expect(readFileSync(at("saved.png")).equals(readFileSync(at("two.png")))).toBe(true);
    await succeed("edit", "saved.latent.json", "--base");
    await succeed("edit", latent, "--out", "plain.png");
    expect(readFileSync(at("saved.edited.png")).equals(readFileSync(at("plain.png")))).toBe(true);
    expect(readFileSync(at("saved.png")).equals(readFileSync(at("plain.png")))).toBe(false);
  });
});

describe("edit with a bad latent", () => {
  it("says one sentence, ends with 1 and makes no picture", async () => {
    const good = await readDocument(at("latents", "astronaut.latent.json"), "latent");
    const text = serialiseDocument(good);
    const variant = (change: Partial<LatentDocument>): string => serialiseDocument({ ...good, ...change });
    const other = { name: "other", sha256: "0".repeat(64) };
    const files: Record<string, [text: string, said: string]> = {
      "other.latent.json": [variant({ model: other }), "is a latent of the model other, not of demo"],
      "shape.latent.json": [
        variant({ shape: [9, 512], w: good.w.slice(1) }),
        "in w+ of 9x512, but demo takes w+ of 10x512",
      ],
      "lie.latent.json": [text.replace("[10, 512]", "[1000000, 1000]"), "its shape says 1000000 x 1000"],
      "nan.latent.json": [text.replace(/"norm": [^,]+/, '"norm": NaN'), "NaN is no number at line"],
      "null.latent.json": [
        text.replace(/\[\n {4}\[[^,]+/, "[\n    [null"),
        '"w[0][0]" must be number but is null',
      ],
      "half.latent.json": [text.slice(0, text.length / 2), "it ends in the middle"],
      "newer.latent.json": [text.replace('"version": 1', '"version": 2'), "update RFM"],
      "empty.latent.json": ["", "is empty"],
    };
    for (const [name, [content, said]] of Object.entries(files)) {
      writeFileSync(at(name), content);
      const { code, stderr } = await rfm(folder, "edit", name, "--out", "never.png");
      expect(code).toBe(1);
      expect(stderr).toMatch(ONE_SENTENCE);
      expect(stderr).toContain(name);
      expect(stderr).toContain(said);
    }
    const latent = join("latents", "astronaut.latent.json");
    const unknown = await rfm(folder, "edit", latent, "--direction", "wings=1", "--out", "never.png");
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toMatch(/^rfm: The model demo has no direction wings \(.*\); .*\n$/);
    expect(existsSync(at("never.png"))).toBe(false);
    const nowhere = await rfm(folder, "edit", latent, "--out", join("absent", "x.png"));
    expect(nowhere.stderr).toContain("its folder does not exist; create the folder");
  });
});
