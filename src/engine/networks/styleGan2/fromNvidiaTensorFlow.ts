import type { Tensor } from "../../onnx";
import { affine, reordered, reshaped } from "../arrays";
import type { GeneratorRecogniser, ImportedGenerator } from "../imported";
import { findLayout, LayoutTensors } from "../layoutTensors";
import { importedStyleGan2, layerNumber } from "./imported";
import { LEARNING_RATE } from "./mapping";

const LAYOUT = "NVIDIA StyleGAN2 (TensorFlow)";
const SYNTHESIS = "components.synthesis.";
const MARKER = `${SYNTHESIS}variables.4x4/Const/const`;

/**
 * The `.pkl` files of NVIDIA's StyleGAN2 for TensorFlow: (G, D, Gs), of which Gs is taken, or one network alone.
 *
 * Kernels are [h,w,in,out], matrices [in,out]; otherwise its numbers are the canonical ones.
 */
export const fromNvidiaTensorFlow: GeneratorRecogniser = (files) => {
  const tensors = findLayout(files, MARKER, ["2.", "Gs.", "G_ema."]);
  // StyleGAN1 has the same constant, but normalises instead of modulating.
  if (!tensors?.names().some((name) => name.startsWith(SYNTHESIS) && name.endsWith("/mod_weight")))
    return undefined;
  refuseOtherWirings(tensors);
  return { architecture: "stylegan2", layout: LAYOUT, load: () => new TensorFlow(tensors).load() };
};

function refuseOtherWirings(tensors: LayoutTensors): void {
  const names = tensors.names().filter((name) => name.startsWith("components."));
  if (names.some((name) => name.includes("/LabelConcat/") || name.includes(".LabelConcat/")))
    throw tensors.refusal("is a generator of labelled classes", "use one without labels");
  if (names.some((name) => name.endsWith("/Skip/weight")))
    throw tensors.refusal("has the residual wiring of StyleGAN2", "use a generator with skip connections");
  if (names.some((name) => name.includes("ToRGB_lod")))
    throw tensors.refusal(
      "turns features into a picture once for each level of detail",
      "use a generator with skip connections",
    );
  const blocks = names.filter((name) => name.endsWith("/Conv1/weight"));
  if (![...blocks, `${SYNTHESIS}variables.4x4/Conv/weight`].every((name) => tensors.has(toRgbBeside(name))))
    throw tensors.refusal("has no picture at every resolution", "use a generator with skip connections");
}

function toRgbBeside(convolution: string): string {
  return convolution.replace(/\/Conv1?\/weight$/, "/ToRGB/weight");
}

class TensorFlow {
  readonly #weights = new Map<string, Tensor>();
  readonly #mapping: LayoutTensors;
  readonly #synthesis: LayoutTensors;

  constructor(readonly tensors: LayoutTensors) {
    const { file, prefix } = tensors;
    this.#mapping = new LayoutTensors(file, `${prefix}components.mapping.variables.`);
    this.#synthesis = new LayoutTensors(file, `${prefix}${SYNTHESIS}variables.`);
  }

  async load(): Promise<ImportedGenerator> {
    this.#refuseOtherSettings();
    await this.#denseLayers();
    this.#weights.set("synthesis.early_layer.const", await this.#synthesis.read("4x4/Const/const", 4));
    await this.#convolution("4x4/Conv", 0);
    await this.#toRgb("4x4/ToRGB", 0);
    for (let r = 8; this.#synthesis.has(`${r}x${r}/Conv1/weight`); r *= 2) {
      await this.#convolution(`${r}x${r}/Conv0_up`, layerNumber(r, true));
      await this.#convolution(`${r}x${r}/Conv1`, layerNumber(r, false));
      await this.#toRgb(`${r}x${r}/ToRGB`, Math.log2(r / 4));
    }
    return importedStyleGan2(LAYOUT, this.tensors, this.#weights, await this.#average());
  }

  async #denseLayers(): Promise<void> {
    const rate =
      (await this.tensors.number("components.mapping.static_kwargs.mapping_lrmul")) ??
      (await this.tensors.number("static_kwargs.mapping_lrmul"));
    const factor = rate === undefined ? 1 : rate / LEARNING_RATE;
    const count = this.#mapping.count((i) => `Dense${i}/weight`);
    for (let i = 0; i < count; i++) {
      const weight = reordered(await this.#mapping.read(`Dense${i}/weight`, 2), [1, 0]);
      this.#weights.set(`mapping.dense${i}.weight`, affine(weight, factor));
      this.#weights.set(
        `mapping.dense${i}.bias`,
        affine(await this.#mapping.read(`Dense${i}/bias`, 1), factor),
      );
    }
  }

  async #convolution(name: string, layer: number): Promise<void> {
    const to = `synthesis.layer${layer}`;
    await this.#modulated(name, to);
    if (!this.#synthesis.has(`${name}/noise_strength`)) return;
    this.#weights.set(
      `${to}.noise_strength`,
      reshaped(await this.#synthesis.read(`${name}/noise_strength`), []),
    );
    if (this.#synthesis.has(`noise${layer}`))
      this.#weights.set(`${to}.noise`, await this.#synthesis.read(`noise${layer}`, 4));
  }

  async #toRgb(name: string, level: number): Promise<void> {
    await this.#modulated(name, `synthesis.output${level}`);
  }

  async #modulated(name: string, to: string): Promise<void> {
    const from = this.#synthesis;
    this.#weights.set(`${to}.weight`, reordered(await from.read(`${name}/weight`, 4), [3, 2, 0, 1]));
    this.#weights.set(`${to}.bias`, await from.read(`${name}/bias`, 1));
    this.#weights.set(`${to}.style.weight`, reordered(await from.read(`${name}/mod_weight`, 2), [1, 0]));
    this.#weights.set(`${to}.style.bias`, await from.read(`${name}/mod_bias`, 1));
  }

  async #average(): Promise<Tensor | undefined> {
    return this.tensors.has("variables.dlatent_avg")
      ? await this.tensors.read("variables.dlatent_avg")
      : undefined;
  }

  /** Networks keep the arguments that they were built with; what differs from StyleGAN2's own cannot be built. */
  #refuseOtherSettings(): void {
    const filter = this.#setting("synthesis", "resample_kernel");
    if (Array.isArray(filter) && String(filter) !== "1,3,3,1")
      throw this.tensors.refusal(
        `smooths with the filter [${String(filter)}]`,
        "use a generator with StyleGAN2's own filter [1,3,3,1]",
      );
    for (const [component, name] of [
      ["mapping", "mapping_nonlinearity"],
      ["synthesis", "nonlinearity"],
    ] as const) {
      const activation = this.#setting(component, name);
      if (typeof activation === "string" && activation !== "lrelu")
        throw this.tensors.refusal(`has the activation ${activation}`, "use a generator with leaky ReLU");
    }
    if (this.#setting("mapping", "normalize_latents") === false)
      throw this.tensors.refusal("does not scale z to unit length", "use StyleGAN2's own mapping network");
  }

  #setting(component: string, name: string): unknown {
    return (
      this.tensors.setting(`components.${component}.static_kwargs.${name}`) ??
      this.tensors.setting(`static_kwargs.${name}`)
    );
  }
}
