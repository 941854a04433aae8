import { existsSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../src/engine/files";
import { temporaryFolder } from "../support/folder";
import { resultOf, rfm } from "./support/rfm";

const folder = temporaryFolder();

interface Found {
  readonly path: string;
  readonly attribute: string;
  readonly sigma: number;
  readonly description?: string;
}

describe("rfm discover", () => {
  it("writes described components of the chosen layers, and their strips", async () => {
    const args = "discover --layers 0:4 --count 2 --samples 200 --faces 8 --out found --provider cpu --json";
    const ended = await rfm(folder, ...args.split(" "));
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    const result = resultOf(ended);
    expect(result).toMatchObject({ method: "sefa", layers: [0, 4], samples: 200 });
    const directions = result["directions"] as Found[];
    expect(directions.map(({ path }) => path)).toEqual([
      join("found", "sefa-0-4-00.direction.json"),
      join("found", "sefa-0-4-01.direction.json"),
    ]);
    const [first] = directions;
    const document = await readDocument(join(folder, first?.path ?? ""), "direction");
    expect(document).toMatchObject({
      attribute: "sefa-0-4-00",
      space: "w",
      layers: [0, 4],
      effect: { amount: 1, faces: 8 },
      discovery: { method: "sefa", component: 0, layers: [0, 4], description: first?.description },
    });
    expect(document.sigma).toBeCloseTo(first?.sigma ?? NaN, 5);
    expect(first?.description).toMatch(/^mostly \S+ [+-]\d\.\d|^nothing the scorer sees$/);
    const strips = await sharp(join(folder, result["strips"] as string)).metadata();
    expect(strips.width).toBeGreaterThan(7 * 64);
  });

  it("tells people the components in a table", async () => {
    const args = "discover --method pca --count 2 --samples 50 --no-describe --out pca --provider cpu";
    const { code, stdout, stderr } = await rfm(folder, ...args.split(" "));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^name +value +share +sigma$/);
    expect(lines[1]).toMatch(/^pca-00 +[\d.]+ +[\d.]+% +[\d.]+$/);
    expect(lines.at(-1)).toBe(join("pca", "pca.strips.png"));
    expect(existsSync(join(folder, "pca", "pca-01.direction.json"))).toBe(true);
  });

  it.each<[string, string]>([
    ["--layers 8:12", "The layers 8:12 are not in the model demo, which has 0:10"],
    ["--count 513", "513 components cannot be found"],
    ["--method pca --samples 1", '--samples is "1"'],
    ["--method ica", '--method is "ica"; give one of sefa, pca.'],
  ])("%s ends with 2 and a sentence, and writes nothing", async (options, said) => {
    const { code, stdout, stderr } = await rfm(folder, "discover", ...options.split(" "), "--out", "wrong");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^rfm: [^\n]+\n$/);
    expect(stderr).toContain(said);
    expect(existsSync(join(folder, "wrong"))).toBe(false);
  });
});
