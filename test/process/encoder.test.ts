import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { readNpyFile, toFloat32, writeNpy } from "../../src/engine/checkpoints";
import { seedsToZ } from "../../src/engine/latents";
import { temporaryFolder } from "../support/folder";
import { fixturePath } from "../support/wavyPictures";
import { resultOf, rfm, type Ended } from "./support/rfm";

/** Of the fixture's network. */
const Z = 10;
const folder = temporaryFolder();
const run = (...args: string[]): Promise<Ended> => rfm(folder, ...args, "--provider", "cpu");

async function numbers(name: string): Promise<Float32Array> {
  return toFloat32(await readNpyFile(join(folder, name)));
}

function distance(a: Float32Array, b: (at: number) => number): number {
  return Math.sqrt(a.reduce((sum, value, at) => sum + (value - b(at)) ** 2, 0));
}

beforeAll(async () => {
  const parts = ["Gs_dict.pth", "Gm_dict.pth", "center_tensor.pt"];
  const files = parts.map((part) => fixturePath(`stylegan1/64.rfm.${part}`));
  expect((await run("import", ...files, "--out", "pack")).code).toBe(0);
});

it("gives a pack an encoder from whose code less than half of the average code's error is left", async () => {
  const fitted = await run("encoder", "fit", "--samples", "400", "--model", "pack", "--json");
  expect(fitted.stderr).toBe("");
  const result = resultOf(fitted) as { codeError: number; pictureError: number; heldOut: number };
  expect(result.heldOut).toBe(40);
  expect(result.codeError).toBeLessThan(0.5);
  expect(result.pictureError).toBeLessThan(0.5 ** 0.5);

  const seeds = Array.from({ length: 24 }, (_, seed) => seed);
  writeFileSync(join(folder, "z.npy"), writeNpy(seedsToZ(seeds, Z), [24, Z]));
  await run("map", "z.npy", "--out", "w.npy", "--model", "pack", "--psi", "1", "--cutoff", "none");
  await run("synthesize", "w.npy", "--out", "x.npy", "--model", "pack");
  expect((await run("encode", "x.npy", "--out", "said.npy", "--model", "pack")).code).toBe(0);
  const w = await numbers("w.npy");
  const said = await numbers("said.npy");
  expect(said.length).toBe(w.length);
  const size = w.length / 24;
  const average = Float32Array.from({ length: size }, (_, at) => {
    let sum = 0;
    for (let face = 0; face < 24; face++) sum += w[face * size + at] ?? NaN;
    return sum / 24;
  });
  const left = distance(w, (at) => said[at] ?? NaN) / distance(w, (at) => average[at % size] ?? NaN);
  expect(left).toBeLessThan(0.5);
});

it("keeps the encoder that a pack has, unless told to replace it; then one file is left", async () => {
  const refused = await run("encoder", "fit", "--model", "pack");
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toMatch(/has an encoder already; add --replace/);
  const before = readFileSync(join(folder, "pack", "model.json"), "utf8");
  const again = await run(
    "encoder",
    "fit",
    "--samples",
    "200",
    "--seed",
    "5",
    "--replace",
    "--model",
    "pack",
  );
  expect(again.code).toBe(0);
  const after = JSON.parse(readFileSync(join(folder, "pack", "model.json"), "utf8")) as Record<
    string,
    unknown
  >;
  expect(after["sha256"]).toBe((JSON.parse(before) as Record<string, unknown>)["sha256"]);
  expect(after["encoderFit"]).toMatchObject({ samples: 200, seed: 5 });
  expect(readdirSync(join(folder, "pack")).filter((name) => name.startsWith("encoder"))).toHaveLength(1);
});

it.each([
  { args: ["--samples", "10"], code: 2, sentence: /--samples/ },
  { args: ["--samples", "200", "--model", "without"], code: 1, sentence: /no mapping network/ },
])("refuses $args", async ({ args, code, sentence }) => {
  if (args.includes("without"))
    await run("import", fixturePath("stylegan1/64.rfm.Gs_dict.pth"), "--out", "without");
  const refused = await run("encoder", "fit", ...args);
  expect(refused.code).toBe(code);
  expect(refused.stderr).toMatch(sentence);
});
