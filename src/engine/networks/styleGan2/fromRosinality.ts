import type { Tensor } from "../../onnx";
import { affine, reshaped, turned } from "../arrays";
import type { GeneratorRecogniser, ImportedGenerator } from "../imported";
import { findLayout, LayoutTensors } from "../layoutTensors";
import { requireFilter } from "./filter";
import { importedStyleGan2 } from "./imported";

const LAYOUT = "rosinality";

/** Where the generator lies in files of training, of encoders (e4e, pSp and their kind) and alone. */
const PREFIXES = ["g_ema.", "state_dict.decoder.", "decoder.", "g."];

/**
 * The `.pt` files of rosinality's StyleGAN2, and of the encoders that carry its generator along.
 *
 * Its upsampling kernels lie as a transposed convolution takes them, turned against the canonical ones; the biases of
 * its styles hold the one that leaves channels as they are.
 */
export const fromRosinality: GeneratorRecogniser = (files) => {
  const tensors = findLayout(files, "conv1.conv.modulation.weight", PREFIXES);
  if (!tensors?.has("input.input")) return undefined;
  return { architecture: "stylegan2", layout: LAYOUT, load: () => new Rosinality(tensors).load() };
};

class Rosinality {
  readonly #weights = new Map<string, Tensor>();

  constructor(readonly tensors: LayoutTensors) {}

  async load(): Promise<ImportedGenerator> {
    const { tensors } = this;
    // style.0 scales z to unit mean square and has no weights.
    const mapping = tensors.count((i) => `style.${i}.weight`, 1);
    for (let i = 1; i < mapping; i++) {
      for (const part of ["weight", "bias"])
        this.#weights.set(`mapping.dense${i - 1}.${part}`, await tensors.read(`style.${i}.${part}`));
    }
    this.#weights.set("synthesis.early_layer.const", await tensors.read("input.input", 4));
    await this.#convolution("conv1", 0);
    const layers = tensors.count((i) => `convs.${i}.conv.weight`);
    for (let i = 0; i < layers; i++) await this.#convolution(`convs.${i}`, i + 1);
    await this.#toRgb("to_rgb1", 0);
    const pictures = tensors.count((j) => `to_rgbs.${j}.conv.weight`);
    for (let j = 0; j < pictures; j++) await this.#toRgb(`to_rgbs.${j}`, j + 1);
    return importedStyleGan2(LAYOUT, tensors, this.#weights, await this.#average());
  }

  async #convolution(name: string, layer: number): Promise<void> {
    const { tensors } = this;
    const to = `synthesis.layer${layer}`;
    const kernel = await this.#kernel(name);
    const doubles = layer % 2 === 1;
    this.#weights.set(`${to}.weight`, doubles ? turned(kernel) : kernel);
    if (doubles) await requireFilter(tensors, `${name}.conv.blur.kernel`, 4);
    await this.#style(name, to);
    // Older files have the bias as [1,C,1,1].
    this.#weights.set(`${to}.bias`, flat(await tensors.read(`${name}.activate.bias`)));
    if (tensors.has(`${name}.noise.weight`))
      this.#weights.set(`${to}.noise_strength`, reshaped(await tensors.read(`${name}.noise.weight`), []));
    if (tensors.has(`noises.noise_${layer}`))
      this.#weights.set(`${to}.noise`, await tensors.read(`noises.noise_${layer}`, 4));
  }

  async #toRgb(name: string, level: number): Promise<void> {
    const to = `synthesis.output${level}`;
    this.#weights.set(`${to}.weight`, await this.#kernel(name));
    this.#weights.set(`${to}.bias`, flat(await this.tensors.read(`${name}.bias`)));
    await requireFilter(this.tensors, `${name}.upsample.kernel`, 4);
    await this.#style(name, to);
  }

  /** [1,out,in,k,k] without its first axis. */
  async #kernel(name: string): Promise<Tensor> {
    const kernel = await this.tensors.read(`${name}.conv.weight`, 5);
    return reshaped(kernel, kernel.shape.slice(1));
  }

  async #style(name: string, to: string): Promise<void> {
    const { tensors } = this;
    this.#weights.set(`${to}.style.weight`, await tensors.read(`${name}.conv.modulation.weight`, 2));
    const bias = await tensors.read(`${name}.conv.modulation.bias`, 1);
    this.#weights.set(`${to}.style.bias`, affine(bias, 1, -1));
  }

  /** `latent_avg`, beside the generator or anywhere above it. */
  async #average(): Promise<Tensor | undefined> {
    const { file, prefix } = this.tensors;
    const parts = prefix.split(".").slice(0, -1);
    for (let depth = parts.length; depth >= 0; depth--) {
      const beside = new LayoutTensors(
        file,
        parts
          .slice(0, depth)
          .map((part) => `${part}.`)
          .join(""),
      );
      if (beside.has("latent_avg")) return await beside.read("latent_avg");
    }
    return undefined;
  }
}

function flat(tensor: Tensor): Tensor {
  return reshaped(tensor, [tensor.data.length]);
}
