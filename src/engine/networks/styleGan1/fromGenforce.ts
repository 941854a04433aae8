import type { Tensor } from "../../onnx";
import { affine, reordered, turned } from "../arrays";
import { refuseHalfGrown } from "../halfGrown";
import type { GeneratorRecogniser, ImportedGenerator } from "../imported";
import { findLayout, type LayoutTensors } from "../layoutTensors";
import { equalised, LEARNING_RATE } from "./equalised";
import { importedStyleGan1 } from "./imported";
import { isFusedByRule } from "./kernels";
import { layerResolution } from "./shape";

const LAYOUT = "genforce";
const PREFIXES = ["generator_smooth.", "generator_ema.", "generator."];

/** How the two generations of genforce's files call the same tensors. */
interface Names {
  readonly constant: string;
  readonly dense: readonly [weight: string, bias: string];
  /** A convolution's kernel: [out,in,3,3], in the older files [3,3,in,out] under `fused` for a transposed one. */
  readonly kernel: string;
  readonly fused?: string;
  readonly bias: string;
  readonly noise: string;
  readonly style: readonly [weight: string, bias: string];
  readonly output: string;
}

const OLDER: Names = {
  constant: "first_layer",
  dense: ["linear.weight", "wscale.bias"],
  kernel: "conv.weight",
  fused: "weight",
  bias: "epilogue.bias",
  noise: "epilogue.apply_noise",
  style: ["epilogue.style_mod.dense.linear.weight", "epilogue.style_mod.dense.wscale.bias"],
  output: "conv.weight",
};

const NEWER: Names = {
  constant: "const",
  dense: ["weight", "bias"],
  kernel: "weight",
  bias: "bias",
  noise: "apply_noise",
  style: ["style.weight", "style.bias"],
  output: "weight",
};

/** The StyleGAN1 `.pth` files of InterFaceGAN (the older names) and of genforce's model zoo (the newer ones). */
export const fromGenforceStyleGan1: GeneratorRecogniser = (files) => {
  for (const names of [OLDER, NEWER]) {
    const tensors = findLayout(files, `synthesis.layer0.${names.style[0]}`, PREFIXES);
    if (!tensors?.has(`synthesis.layer0.${names.constant}`)) continue;
    if (tensors.names().some((name) => name.startsWith("mapping.label")))
      throw tensors.refusal("is a generator of labelled classes", "use one without labels");
    return { architecture: "stylegan1", layout: LAYOUT, load: () => new Genforce(tensors, names).load() };
  }
  return undefined;
};

class Genforce {
  readonly #weights = new Map<string, Tensor>();

  constructor(
    readonly tensors: LayoutTensors,
    readonly names: Names,
  ) {}

  async load(): Promise<ImportedGenerator> {
    const { tensors, names } = this;
    await refuseHalfGrown(tensors, "synthesis.lod");
    const dense = tensors.count((i) => `mapping.dense${i}.${names.dense[0]}`);
    for (let i = 0; i < dense; i++) await this.#dense(`mapping.dense${i}`);
    this.#weights.set("synthesis.const", await tensors.read(`synthesis.layer0.${names.constant}`, 4));
    const layers = tensors.count((i) => `synthesis.layer${i}.${names.style[0]}`);
    for (let i = 0; i < layers; i++) await this.#layer(i);
    await this.#output(layers / 2 - 1);
    const average = tensors.has("truncation.w_avg") ? await tensors.read("truncation.w_avg") : undefined;
    return importedStyleGan1({
      layout: LAYOUT,
      tensors,
      weights: this.#weights,
      average,
      cutoff: (all) => Math.min(8, all),
    });
  }

  async #dense(name: string): Promise<void> {
    const [weight, bias] = this.names.dense;
    const matrix = await this.tensors.read(`${name}.${weight}`, 2);
    this.#weights.set(`${name}.weight`, equalised(matrix, Math.SQRT2 * LEARNING_RATE));
    this.#weights.set(`${name}.bias`, affine(await this.tensors.read(`${name}.${bias}`, 1), LEARNING_RATE));
  }

  async #layer(index: number): Promise<void> {
    const { tensors, names } = this;
    const name = `synthesis.layer${index}`;
    if (index > 0) this.#weights.set(`${name}.weight`, equalised(await this.#kernel(index), Math.SQRT2));
    this.#weights.set(`${name}.bias`, await tensors.read(`${name}.${names.bias}`, 1));
    if (tensors.has(`${name}.${names.noise}.weight`))
      this.#weights.set(`${name}.noise_strength`, await tensors.read(`${name}.${names.noise}.weight`));
    if (tensors.has(`${name}.${names.noise}.noise`))
      this.#weights.set(`${name}.noise`, await tensors.read(`${name}.${names.noise}.noise`));
    const [weight, bias] = names.style;
    this.#weights.set(`${name}.style.weight`, equalised(await tensors.read(`${name}.${weight}`, 2), 1));
    this.#weights.set(`${name}.style.bias`, await tensors.read(`${name}.${bias}`, 1));
  }

  /** The kernel as the convolution [out,in,3,3] of a repeated picture. */
  async #kernel(index: number): Promise<Tensor> {
    const { tensors, names } = this;
    const name = `synthesis.layer${index}`;
    if (names.fused !== undefined && !tensors.has(`${name}.${names.kernel}`))
      return turned(reordered(await tensors.read(`${name}.${names.fused}`, 4), [3, 2, 0, 1]));
    const kernel = await tensors.read(`${name}.${names.kernel}`, 4);
    // The newer files keep both kinds in one order, and nothing in them tells one from the other.
    const isFused = names.fused === undefined && index % 2 === 0 && isFusedByRule(layerResolution(index));
    return isFused ? turned(kernel) : kernel;
  }

  async #output(level: number): Promise<void> {
    const name = `synthesis.output${level}`;
    const kernel = await this.tensors.read(`${name}.${this.names.output}`, 4);
    this.#weights.set("synthesis.output.weight", equalised(kernel, 1));
    this.#weights.set("synthesis.output.bias", await this.tensors.read(`${name}.bias`, 1));
  }
}
