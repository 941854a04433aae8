import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSafetensors, type StoredTensor } from "../../../src/engine/checkpoints";
import { RfmError, sha256 } from "../../../src/engine/files";
import { seedsToZ, openTunedModel } from "../../../src/engine/latents";
import { readTunedFile, TunedPack, tunedFileBytes, type Model, type WeightDeltas } from "../../../src/engine/models";
import { decodeFloat16, encodeFloat16, type Tensor } from "../../../src/engine/onnx";
import { failureOf, temporaryFolder } from "../../support/folder";
import { mutated } from "../../support/mutate";
import { openSmallModel } from "../../support/openSmall";
import { Random } from "../../support/random";

const LATENT = "ab".repeat(32);
const folder = temporaryFolder();
let model: Model;
let close: () => Promise<void>;
let weights: ReadonlyMap<string, Tensor>;
let deltas: WeightDeltas;

beforeAll(async () => {
  ({ model, close } = await openSmallModel());
  ({ weights } = await model.tunableSynthesis());
  const random = new Random(3);
  deltas = new Map(
    [...weights].map(([name, { data }]) => {
      const noise = random.normals(data.length).map((value) => 0.05 * value);
      return [name, decodeFloat16(encodeFloat16(noise))] as const;
    }),
  );
});
afterAll(() => close());

const shapes = (): Map<string, readonly number[]> =>
  new Map([...weights].map(([name, { shape }]) => [name, shape]));

async function written(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** A file with one thing otherwise. */
async function withTensors(
  name: string,
  change: (tensors: Map<string, StoredTensor>) => void,
): Promise<string> {
  const tensors = new Map<string, StoredTensor>(
    [...deltas].map(([key, delta]) => [
      key,
      { dtype: "float16", shape: shapes().get(key) ?? [], data: encodeFloat16(delta) },
    ]),
  );
  change(tensors);
  const metadata = { format: "rfm-tuned-1", model: model.sha256, latent: LATENT };
  return written(name, writeSafetensors(tensors, new Map(Object.entries(metadata))));
}

describe("TunedPack", () => {
  it("knows every weight of the synthesis, and the noise pictures are none", () => {
    expect([...weights.keys()].some((name) => name.endsWith("layer0.weight"))).toBe(true);
    expect([...weights.values()].every(({ type }) => type === "float32")).toBe(true);
    expect([...weights.keys()].filter((name) => /constant|^noise\d/.test(name))).toEqual([]);
  });

  it("is the base's very bytes at amount 0, and in every other file", async () => {
    const untuned = new TunedPack(model.pack, deltas, 0);
    expect(await untuned.read("synthesis")).toEqual(await model.pack.read("synthesis"));
    const tuned = new TunedPack(model.pack, deltas, 1);
    expect(await tuned.read("mapping")).toEqual(await model.pack.read("mapping"));
    expect(tuned.sha256).toBe(model.sha256);
  });

  it("moves every weight by its share of the delta", async () => {
    const half = await openTunedModel(model, deltas, 0.5);
    const moved = (await half.tunableSynthesis()).weights;
    expect([...moved.keys()]).toEqual([...weights.keys()]);
    for (const [name, { data }] of weights) {
      const delta = deltas.get(name) ?? [];
      const expected = Float32Array.from(data as Float32Array, (value, i) => value + 0.5 * (delta[i] ?? 0));
      expect(moved.get(name)?.data).toEqual(expected);
    }
  });

  it("draws the same pictures without deltas, others with them, and in between in between", async () => {
    const w = await model.map(seedsToZ([1, 2, 3], model.zDimension));
    const base = await model.synthesize(w);
    const draw = async (given: WeightDeltas, amount: number): Promise<Float32Array> => {
      const tuned = await openTunedModel(model, given, amount);
      const pictures = await tuned.synthesize(w);
      await tuned.dispose();
      return pictures;
    };
    expect(await draw(deltas, 0)).toEqual(base);
    const same = await draw(new Map(), 1);
    expect(Math.max(...same.map((value, i) => Math.abs(value - (base[i] ?? NaN))))).toBeLessThan(1e-5);
    const far = (x: Float32Array): number => Math.hypot(...x.map((value, i) => value - (base[i] ?? NaN)));
    const [half, whole] = [far(await draw(deltas, 0.5)), far(await draw(deltas, 1))];
    expect(half).toBeGreaterThan(0.2 * whole);
    expect(whole).toBeGreaterThan(1.2 * half);
  });
});

describe("tuned files", () => {
  const binding = (): { model: string; latent: string } => ({ model: model.sha256, latent: LATENT });

  it("give back what was written", async () => {
    const bytes = tunedFileBytes(deltas, shapes(), binding(), { steps: "5" });
    const path = await written("good.tuned.safetensors", bytes);
    expect(await readTunedFile(path, model.pack, ["00".repeat(32), LATENT], sha256(bytes))).toEqual(deltas);
    // Two bytes a number.
    const count = [...deltas.values()].reduce((sum, { length }) => sum + length, 0);
    expect(bytes.length).toBeLessThan(2 * count + 20_000);
  });

  it("are refused for another model, face or file", async () => {
    const path = await written("bound", tunedFileBytes(deltas, shapes(), binding()));
    const other = await written("foreign", tunedFileBytes(deltas, shapes(), { ...binding(), model: "0".repeat(64) }));
    await expect(readTunedFile(other, model.pack, [LATENT])).rejects.toThrow(
      /foreign was tuned for another model than small/,
    );
    await expect(readTunedFile(path, model.pack, ["00".repeat(32)])).rejects.toThrow(
      /bound was tuned for another face's latent/,
    );
    await expect(readTunedFile(path, model.pack, [LATENT], "0".repeat(64))).rejects.toThrow(
      /bound is not the file that the latent was saved with/,
    );
    await expect(readTunedFile(join(folder, "none"), model.pack, [LATENT])).rejects.toThrow(/does not exist/);
  });

  it("are refused where a tensor fits no weight or is no number", async () => {
    const [first = ""] = deltas.keys();
    const refusals: [string, (tensors: Map<string, StoredTensor>) => void, RegExp][] = [
      ["unknown", (t) => t.set("nothing", { dtype: "float16", shape: [1], data: new Uint16Array(1) }), /holds nothing as/],
      ["shape", (t) => t.set(first, { dtype: "float16", shape: [2], data: new Uint16Array(2) }), /fits no weight/],
      ["type", (t) => t.set(first, { dtype: "int8", shape: [2], data: new Int8Array(2) }), /fits no weight/],
      [
        "infinite",
        (t) => {
          const shape = shapes().get(first) ?? [];
          t.set(first, { dtype: "float16", shape, data: new Uint16Array(deltas.get(first)?.length ?? 0).fill(0x7c00) });
        },
        /not finite/,
      ],
    ];
    for (const [name, change, sentence] of refusals) {
      const path = await withTensors(name, change);
      await expect(readTunedFile(path, model.pack, [LATENT])).rejects.toThrow(sentence);
    }
    await writeFile(join(folder, "huge"), Buffer.alloc(4 << 20));
    await expect(readTunedFile(join(folder, "huge"), model.pack, [LATENT])).rejects.toThrow(/larger than/);
    await writeFile(join(folder, "other"), writeSafetensors(new Map()));
    await expect(readTunedFile(join(folder, "other"), model.pack, [LATENT])).rejects.toThrow(/holds no tuned weights/);
  });

  it("that are damaged end in a sentence or, where numbers alone changed, in finite numbers", async () => {
    const bytes = tunedFileBytes(deltas, shapes(), binding());
    const random = new Random(11);
    for (let trial = 0; trial < 100; trial++) {
      const path = await written("damaged", mutated(bytes, random));
      const outcome = await readTunedFile(path, model.pack, [LATENT]).catch((error: unknown) => error);
      if (outcome instanceof Map) {
        for (const delta of (outcome as WeightDeltas).values()) expect(delta.every(Number.isFinite)).toBe(true);
      } else expect(outcome).toBeInstanceOf(RfmError);
    }
    expect(await failureOf(() => readTunedFile(folder, model.pack, [LATENT]))).toBeInstanceOf(RfmError);
  });
});
