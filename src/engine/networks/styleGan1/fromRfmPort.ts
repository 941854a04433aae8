import type { OpenedCheckpoint } from "../../checkpoints";
import { formatShape, type Tensor } from "../../onnx";
import { numbersOf, reshaped } from "../arrays";
import { weightFrom } from "../fromStored";
import type { GeneratorRecogniser, ImportedGenerator } from "../imported";
import { findLayout, type LayoutTensors } from "../layoutTensors";
import { importedStyleGan1 } from "./imported";
import { fromTransposed, isFused, kernelOrder, type KernelOrder } from "./kernels";
import { layerResolution } from "./shape";

const LAYOUT = "RFM / MTV-TSA";

/**
 * StyleGAN1 as RFM and MTV-TSA publish it, in up to three files: the synthesis (`Gs_dict.pth`), the mapping
 * (`Gm_dict.pth`) and the average w (`center_tensor.pt`, also `buffer1` beside the mapping). Each network works alone.
 *
 * Learning rates are multiplied in already; kernels of fused upsampling lie as a transposed convolution takes them.
 */
export const fromRfmPort: GeneratorRecogniser = (files) => {
  const synthesis = findLayout(files, "decode_block.0.style_1.weight");
  const mapping = findLayout(files, "block_1.fc.weight");
  const parts = {
    ...(synthesis?.has("const") && { synthesis }),
    ...(mapping?.has("block_2.fc.bias") && { mapping }),
  };
  const tensors = parts.synthesis ?? parts.mapping;
  if (tensors === undefined) return undefined;
  return { architecture: "stylegan1", layout: LAYOUT, load: () => load(tensors, parts, files) };
};

interface Parts {
  readonly synthesis?: LayoutTensors;
  readonly mapping?: LayoutTensors;
}

async function load(
  tensors: LayoutTensors,
  { synthesis, mapping }: Parts,
  files: readonly OpenedCheckpoint[],
): Promise<ImportedGenerator> {
  const weights = new Map<string, Tensor>();
  if (mapping !== undefined) await addMapping(weights, mapping);
  if (synthesis !== undefined) await addSynthesis(weights, synthesis);
  const average = await averageIn(files, mapping);
  return importedStyleGan1({ layout: LAYOUT, tensors, weights, average, cutoff: (layers) => layers / 2 });
}

async function addMapping(weights: Map<string, Tensor>, mapping: LayoutTensors): Promise<void> {
  const end = mapping.count((i) => `block_${i}.fc.weight`, 1);
  for (let i = 1; i < end; i++) {
    for (const part of ["weight", "bias"])
      weights.set(`mapping.dense${i - 1}.${part}`, await mapping.read(`block_${i}.fc.${part}`));
  }
}

async function addSynthesis(weights: Map<string, Tensor>, tensors: LayoutTensors): Promise<void> {
  weights.set("synthesis.const", await tensors.read("const", 4));
  const blocks = tensors.count((i) => `decode_block.${i}.style_1.weight`);
  const orders = kernelOrders(tensors, blocks);
  for (let block = 0; block < blocks; block++) {
    for (const half of [1, 2]) {
      const to = `synthesis.layer${2 * block + half - 1}`;
      const from = (part: string): string => `decode_block.${block}.${part.replace("?", String(half))}`;
      if (block > 0 || half === 2) {
        const kernel = await tensors.read(from("conv_?.weight"), 4);
        const fused = half === 1 && isFused(blockResolution(block), orders);
        weights.set(`${to}.weight`, fused ? fromTransposed(kernel) : kernel);
      }
      weights.set(`${to}.bias`, flat(await tensors.read(from("bias_?"))));
      if (tensors.has(from("noise_weight_?")))
        weights.set(`${to}.noise_strength`, flat(await tensors.read(from("noise_weight_?"))));
      for (const part of ["weight", "bias"])
        weights.set(`${to}.style.${part}`, await tensors.read(from(`style_?.${part}`)));
    }
  }
  for (const part of ["weight", "bias"])
    weights.set(`synthesis.output.${part}`, await tensors.read(`to_rgb.${blocks - 1}.to_rgb.${part}`));
}

/** How the upsampling kernels lie, by the size that they double to. */
function kernelOrders(tensors: LayoutTensors, blocks: number): ReadonlyMap<number, KernelOrder> {
  const orders = new Map<number, KernelOrder>();
  for (let block = 1; block < blocks; block++) {
    const name = `decode_block.${block}.conv_1.weight`;
    const shape = shapeOf(tensors, name);
    const channels = (of: number): number => shapeOf(tensors, `decode_block.${of}.conv_2.weight`)[0] ?? 0;
    const order = kernelOrder(shape, channels(block - 1), channels(block));
    if (order === undefined) {
      throw tensors.refusal(
        `holds ${name} in the shape ${formatShape(shape)} between ${channels(block - 1)} and ${channels(block)} channels`,
        "check the checkpoint",
      );
    }
    orders.set(blockResolution(block), order);
  }
  return orders;
}

/** The shape of a tensor that is not read yet. */
function shapeOf({ file, prefix }: LayoutTensors, name: string): readonly number[] {
  return file.tensors.get(prefix + name)?.shape ?? [];
}

function blockResolution(block: number): number {
  return layerResolution(2 * block);
}

/** A file that is one tensor is the average; else it may lie beside the mapping. */
async function averageIn(
  files: readonly OpenedCheckpoint[],
  mapping: LayoutTensors | undefined,
): Promise<Tensor | undefined> {
  for (const { tensors } of files) {
    const [only] = tensors.values();
    if (tensors.size === 1 && only !== undefined) return float32(weightFrom(await only.read()));
  }
  return mapping?.has("buffer1") === true ? await mapping.read("buffer1") : undefined;
}

function float32(tensor: Tensor): Tensor {
  return { type: "float32", shape: tensor.shape, data: numbersOf(tensor) };
}

/** [1,C,1,1] as [C]. */
function flat(tensor: Tensor): Tensor {
  return reshaped(tensor, [tensor.data.length]);
}
