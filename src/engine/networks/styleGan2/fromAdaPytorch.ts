import type { Tensor } from "../../onnx";
import { affine, reshaped, turned } from "../arrays";
import type { GeneratorRecogniser, ImportedGenerator } from "../imported";
import { findLayout, type LayoutTensors } from "../layoutTensors";
import { requireFilter } from "./filter";
import { importedStyleGan2, layerNumber } from "./imported";
import { LEARNING_RATE } from "./mapping";

const LAYOUT = "NVIDIA StyleGAN2-ADA (PyTorch)";

/**
 * The `.pkl` files of stylegan2-ada-pytorch and of stylegan3's StyleGAN2 (`G_ema`), and plain tables of the same names.
 *
 * Kernels of its convolutions have no run-time gain, those that double the resolution lie as a transposed convolution
 * takes them; the biases of its styles hold the one that leaves channels as they are. Its clamp of activations at 256
 * is for half precision and never reached in float32.
 */
export const fromAdaPytorch: GeneratorRecogniser = (files) => {
  const tensors = findLayout(files, "synthesis.b4.const", ["G_ema.", "G."]);
  if (tensors === undefined) return undefined;
  const resolutions = resolutionsOf(tensors);
  refuseOtherWirings(tensors, resolutions);
  return { architecture: "stylegan2", layout: LAYOUT, load: () => new Ada(tensors).load(resolutions) };
};

function resolutionsOf(tensors: LayoutTensors): number[] {
  const resolutions: number[] = [];
  for (let r = 4; tensors.has(`synthesis.b${r}.conv1.weight`); r *= 2) resolutions.push(r);
  return resolutions;
}

function refuseOtherWirings(tensors: LayoutTensors, resolutions: readonly number[]): void {
  if (tensors.has("mapping.embed.weight"))
    throw tensors.refusal("is a generator of labelled classes", "use one without labels");
  const wirings = new Set(resolutions.map((r) => tensors.setting(`synthesis.b${r}.architecture`)));
  if (wirings.has("resnet") || resolutions.some((r) => tensors.has(`synthesis.b${r}.skip.weight`)))
    throw tensors.refusal("has the residual wiring of StyleGAN2", "use a generator with skip connections");
  if (wirings.has("orig") || resolutions.some((r) => !tensors.has(`synthesis.b${r}.torgb.weight`)))
    throw tensors.refusal("has no picture at every resolution", "use a generator with skip connections");
}

class Ada {
  readonly #weights = new Map<string, Tensor>();

  constructor(readonly tensors: LayoutTensors) {}

  async load(resolutions: readonly number[]): Promise<ImportedGenerator> {
    const { tensors } = this;
    const mapping = tensors.count((i) => `mapping.fc${i}.weight`);
    for (let i = 0; i < mapping; i++) await this.#dense(`mapping.fc${i}`, `mapping.dense${i}`);
    const constant = await tensors.read("synthesis.b4.const", 3);
    this.#weights.set("synthesis.early_layer.const", reshaped(constant, [1, ...constant.shape]));
    for (const r of resolutions) {
      const block = `synthesis.b${r}`;
      await requireFilter(tensors, `${block}.resample_filter`, 1);
      if (r > 4) await this.#convolution(`${block}.conv0`, layerNumber(r, true), true);
      await this.#convolution(`${block}.conv1`, layerNumber(r, false), false);
      await this.#toRgb(`${block}.torgb`, Math.log2(r / 4));
    }
    const average = tensors.has("mapping.w_avg") ? await tensors.read("mapping.w_avg") : undefined;
    return importedStyleGan2(LAYOUT, tensors, this.#weights, average);
  }

  /** A layer of the mapping network. It keeps its gains as plain numbers; where they are missing they are the usual. */
  async #dense(name: string, to: string): Promise<void> {
    const { tensors } = this;
    if (!isUsual(tensors.setting(`${name}.activation`), "lrelu"))
      throw tensors.refusal(
        `has another activation than leaky ReLU in ${name}`,
        "use StyleGAN2's own mapping network",
      );
    const weight = await tensors.read(`${name}.weight`, 2);
    const usual = LEARNING_RATE / Math.sqrt(weight.shape[1] ?? 1);
    const weightGain = (await tensors.number(`${name}.weight_gain`)) ?? usual;
    const biasGain = (await tensors.number(`${name}.bias_gain`)) ?? LEARNING_RATE;
    this.#weights.set(`${to}.weight`, affine(weight, ratio(weightGain, usual)));
    this.#weights.set(
      `${to}.bias`,
      affine(await tensors.read(`${name}.bias`, 1), ratio(biasGain, LEARNING_RATE)),
    );
  }

  async #convolution(name: string, layer: number, doubles: boolean): Promise<void> {
    const { tensors } = this;
    const to = `synthesis.layer${layer}`;
    const kernel = await tensors.read(`${name}.weight`, 4);
    // The canonical kernel is scaled down by this at run time. Demodulation cancels any scale but for its epsilon.
    const scaled = affine(
      kernel,
      Math.sqrt(kernel.shape.slice(1).reduce((product, size) => product * size, 1)),
    );
    this.#weights.set(`${to}.weight`, doubles ? turned(scaled) : scaled);
    if (doubles) await requireFilter(tensors, `${name}.resample_filter`, 1);
    this.#weights.set(`${to}.bias`, await tensors.read(`${name}.bias`, 1));
    await this.#style(name, to);
    if (!tensors.has(`${name}.noise_strength`)) return;
    this.#weights.set(`${to}.noise_strength`, await tensors.read(`${name}.noise_strength`, 0));
    if (!tensors.has(`${name}.noise_const`)) return;
    const noise = await tensors.read(`${name}.noise_const`, 2);
    this.#weights.set(`${to}.noise`, reshaped(noise, [1, 1, ...noise.shape]));
  }

  /** Its style is scaled by 1/sqrt(in), which the canonical kernel is scaled by as well. */
  async #toRgb(name: string, level: number): Promise<void> {
    const to = `synthesis.output${level}`;
    this.#weights.set(`${to}.weight`, await this.tensors.read(`${name}.weight`, 4));
    this.#weights.set(`${to}.bias`, await this.tensors.read(`${name}.bias`, 1));
    await this.#style(name, to);
  }

  async #style(name: string, to: string): Promise<void> {
    this.#weights.set(`${to}.style.weight`, await this.tensors.read(`${name}.affine.weight`, 2));
    this.#weights.set(`${to}.style.bias`, affine(await this.tensors.read(`${name}.affine.bias`, 1), 1, -1));
  }
}

/** Whether a setting is missing or the usual one. */
function isUsual(setting: unknown, usual: string): boolean {
  return setting === undefined || setting === usual;
}

/** Exactly 1 where the two differ by rounding alone, so that the weights stay bit by bit. */
function ratio(gain: number, usual: number): number {
  return Math.abs(gain / usual - 1) < 1e-6 ? 1 : gain / usual;
}
