import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  openCheckpoint,
  PickleDict,
  type OpenedCheckpoint,
  type PickleValue,
  type TensorEntry,
} from "../../../src/engine/checkpoints";
import { recogniseEncoder, recogniseGenerator } from "../../../src/engine/networks";

const fixture = (path: string): string => fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url));

function entry(shape: readonly number[], fill = 0): TensorEntry {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(fill);
  return {
    dtype: "float32",
    shape,
    read: async () => await Promise.resolve({ dtype: "float32", shape, data }),
  };
}

/** A published file with some tensors changed or left out. */
async function changed(
  path: string,
  changes: Readonly<Record<string, TensorEntry | undefined>>,
  root?: PickleValue,
): Promise<OpenedCheckpoint> {
  const file = await openCheckpoint(fixture(path));
  const tensors = new Map(file.tensors);
  for (const [name, replacement] of Object.entries(changes)) {
    tensors.delete(name);
    if (replacement !== undefined) tensors.set(name, replacement);
  }
  return { ...file, name: "changed", tensors, ...(root !== undefined && { root }) };
}

function dict(members: Readonly<Record<string, PickleValue>>): PickleDict {
  const result = new PickleDict();
  for (const [key, value] of Object.entries(members)) result.entries.set(key, value);
  return result;
}

/** The root of NVIDIA's tuple with these arguments of the synthesis. */
function built(settings: Readonly<Record<string, PickleValue>>): PickleDict {
  return dict({ "2": dict({ components: dict({ synthesis: dict({ static_kwargs: dict(settings) }) }) }) });
}

async function load(...files: OpenedCheckpoint[]): Promise<unknown> {
  return await recogniseGenerator(files)?.load();
}

const OLD = "stylegan1/32.interfacegan.pth";
const TENSORFLOW = "stylegan1/128.nvidia.pkl";
const RFM = "stylegan1/32.rfm.Gs_dict.pth";

describe("StyleGAN1 files that cannot be built", () => {
  it("refuses a network that was still growing", async () => {
    const file = await changed(OLD, { "synthesis.lod": entry([], 1.5) });
    await expect(load(file)).rejects.toThrow(
      "changed was saved while it grew (level of detail 1.50); use a checkpoint of the end of its training.",
    );
    const pickle = await changed(TENSORFLOW, { "2.variables.lod": entry([], 2) });
    await expect(load(pickle)).rejects.toThrow(/level of detail 2\.00/);
  });

  it("refuses generators of labelled classes", async () => {
    const file = await changed(OLD, { "mapping.label_weight": entry([3, 10]) });
    expect(() => recogniseGenerator([file])).toThrow(/changed is a generator of labelled classes/);
    const name = "2.components.mapping.variables.LabelConcat/weight";
    const pickle = await changed(TENSORFLOW, { [name]: entry([3, 10]) });
    expect(() => recogniseGenerator([pickle])).toThrow(/labelled classes/);
  });

  it.each([
    [{ nonlinearity: "relu" }, /another activation/],
    [{ use_instance_norm: false }, /no instance normalisation/],
    [{ use_pixel_norm: true }, /normalises pixels/],
    [{ use_wscale: false }, /no equalised learning rates/],
    [{ blur_filter: [1, 3, 1] }, /another filter/],
    [{ blur_filter: null }, /another filter/],
  ])("refuses NVIDIA's networks built with %o", async (settings, sentence) => {
    await expect(load(await changed(TENSORFLOW, {}, built(settings)))).rejects.toThrow(sentence);
  });

  it("names the file and the tensor that does not fit", async () => {
    const missing = await changed(OLD, { "synthesis.layer3.epilogue.bias": undefined });
    await expect(load(missing)).rejects.toThrow("changed has no tensor synthesis.layer3.epilogue.bias;");
    const style = "synthesis.layer3.epilogue.style_mod.dense.wscale.bias";
    await expect(load(await changed(OLD, { [style]: entry([11]) }))).rejects.toThrow(
      "changed: The tensor synthesis.layer3.style.bias has the shape [11] where [12] is wanted; check the checkpoint.",
    );
    const kernel = "decode_block.2.conv_1.weight";
    await expect(load(await changed(RFM, { [kernel]: entry([9, 6, 3, 3]) }))).rejects.toThrow(
      `changed holds ${kernel} in the shape [9,6,3,3] between 6 and 5 channels; check the checkpoint.`,
    );
    await expect(load(await changed(RFM, { "decode_block.3.style_2.weight": undefined }))).rejects.toThrow(
      /no tensor decode_block\.3\.style_2\.weight/,
    );
  });

  it("refuses a mapping network that gives another w", async () => {
    const mapping = await changed("stylegan1/32.rfm.Gm_dict.pth", {
      "block_3.fc.weight": entry([9, 12]),
      "block_3.fc.bias": entry([9]),
    });
    await expect(load(await openCheckpoint(fixture(RFM)), mapping)).rejects.toThrow(
      /mapping network gives 9 numbers where the styles take 12/,
    );
  });
});

describe("which upsampling is a transposed convolution", () => {
  const layer10 = async (file: OpenedCheckpoint): Promise<number[]> => {
    const generator = await recogniseGenerator([file])?.load();
    return Array.from(generator?.weights.get("synthesis.layer10.weight")?.data ?? [], Number);
  };

  it("is said by the settings of a file before the published rule", async () => {
    const [auto, never] = [built({ fused_scale: "auto" }), built({ fused_scale: false })];
    const turned = await layer10(await changed(TENSORFLOW, {}, auto));
    const plain = await layer10(await changed(TENSORFLOW, {}, never));
    // Kernels of nine numbers, the other way round.
    const half = (kernel: number): number[] => plain.slice(9 * kernel, 9 * kernel + 9).reverse();
    expect(plain).not.toEqual(turned);
    expect(Array.from({ length: plain.length / 9 }, (_, i) => half(i)).flat()).toEqual(turned);
  });
});

describe("encoders that cannot be built", () => {
  const E = "encoderE/16.pth";

  it.each([
    [{ "decode_block.0.instance_norm_3.weight": entry([6]) }, /trained normalisation/],
    [{ "new_final.weight": entry([7, 7, 4, 4]) }, /encoder for PGGAN/],
    [{ "FromRGB.from_rgb.weight": undefined }, /a picture at every size/],
  ])("refuses a relative of E: %#", async (changes, sentence) => {
    const file = await changed(E, changes);
    expect(() => recogniseEncoder([file])).toThrow(sentence);
  });

  it("names the tensor that does not fit", async () => {
    const source = recogniseEncoder([
      await changed(E, { "decode_block.1.inver_mod2.weight": entry([12, 13]) }),
    ]);
    await expect(source?.load()).rejects.toThrow(
      "changed: The tensor decode_block.1.inver_mod2.weight has the shape [12,13] where [12,12] is wanted;",
    );
  });

  it("recognises none in a generator", async () => {
    expect(recogniseEncoder([await openCheckpoint(fixture(RFM))])).toBeUndefined();
  });
});
