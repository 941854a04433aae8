import type { Tensor } from "../../onnx";
import { affine, reordered, turned } from "../arrays";
import { refuseHalfGrown } from "../halfGrown";
import type { GeneratorRecogniser, ImportedGenerator } from "../imported";
import { findLayout, LayoutTensors } from "../layoutTensors";
import { equalised, LEARNING_RATE } from "./equalised";
import { importedStyleGan1 } from "./imported";
import { isFusedByRule } from "./kernels";
import { layerResolution } from "./shape";

const LAYOUT = "NVIDIA StyleGAN (TensorFlow)";
const SYNTHESIS = "components.synthesis.";
const MARKER = `${SYNTHESIS}variables.4x4/Const/StyleMod/weight`;

/** Settings that change what the network computes, with the only value that can be built. */
const SETTINGS: readonly (readonly [component: string, name: string, wanted: unknown, otherwise: string])[] =
  [
    ["mapping", "normalize_latents", true, "does not scale z to unit length"],
    ["mapping", "mapping_nonlinearity", "lrelu", "has another activation than leaky ReLU"],
    ["synthesis", "nonlinearity", "lrelu", "has another activation than leaky ReLU"],
    ["synthesis", "use_instance_norm", true, "has no instance normalisation"],
    ["synthesis", "use_pixel_norm", false, "normalises pixels"],
    ["synthesis", "use_wscale", true, "has no equalised learning rates"],
  ];

/**
 * The `.pkl` files of NVIDIA's StyleGAN for TensorFlow: (G, D, Gs), of which Gs is taken, or one network alone.
 *
 * Kernels are [h,w,in,out] whether fused or not, matrices [in,out]; learning rates are equalised at run time.
 */
export const fromNvidiaStyleGan1: GeneratorRecogniser = (files) => {
  const tensors = findLayout(files, MARKER, ["2.", "Gs.", "G_ema."]);
  if (tensors === undefined) return undefined;
  if (tensors.names().some((name) => /^components\.mapping\..*LabelConcat/.test(name)))
    throw tensors.refusal("is a generator of labelled classes", "use one without labels");
  if (!tensors.has(`${SYNTHESIS}variables.4x4/Const/const`))
    throw tensors.refusal(
      "begins with a dense layer instead of a constant",
      "use a generator with a constant",
    );
  return { architecture: "stylegan1", layout: LAYOUT, load: () => new TensorFlow(tensors).load() };
};

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
    await refuseHalfGrown(this.#synthesis, "lod");
    await refuseHalfGrown(this.tensors, "variables.lod");
    await this.#denseLayers();
    this.#weights.set("synthesis.const", await this.#synthesis.read("4x4/Const/const", 4));
    await this.#layer("4x4/Const", 0);
    await this.#layer("4x4/Conv", 1);
    let layers = 2;
    for (; this.#synthesis.has(`${blockName(layers)}/Conv0_up/weight`); layers += 2) {
      await this.#layer(`${blockName(layers)}/Conv0_up`, layers);
      await this.#layer(`${blockName(layers)}/Conv1`, layers + 1);
    }
    const picture = await this.#synthesis.read("ToRGB_lod0/weight", 4);
    this.#weights.set("synthesis.output.weight", equalised(reordered(picture, [3, 2, 0, 1]), 1));
    this.#weights.set("synthesis.output.bias", await this.#synthesis.read("ToRGB_lod0/bias", 1));
    const average = this.tensors.has("variables.dlatent_avg")
      ? await this.tensors.read("variables.dlatent_avg")
      : undefined;
    const { tensors } = this;
    return importedStyleGan1({
      layout: LAYOUT,
      tensors,
      weights: this.#weights,
      average,
      cutoff: (all) => Math.min(8, all),
    });
  }

  async #denseLayers(): Promise<void> {
    const rate = this.#setting("mapping", "mapping_lrmul");
    const factor = typeof rate === "number" ? rate : LEARNING_RATE;
    const count = this.#mapping.count((i) => `Dense${i}/weight`);
    for (let i = 0; i < count; i++) {
      const matrix = reordered(await this.#mapping.read(`Dense${i}/weight`, 2), [1, 0]);
      this.#weights.set(`mapping.dense${i}.weight`, equalised(matrix, Math.SQRT2 * factor));
      this.#weights.set(
        `mapping.dense${i}.bias`,
        affine(await this.#mapping.read(`Dense${i}/bias`, 1), factor),
      );
    }
  }

  async #layer(name: string, index: number): Promise<void> {
    const [from, to] = [this.#synthesis, `synthesis.layer${index}`];
    if (index > 0) {
      const kernel = reordered(await from.read(`${name}/weight`, 4), [3, 2, 0, 1]);
      const isFused = index % 2 === 0 && this.#isFused(layerResolution(index));
      this.#weights.set(`${to}.weight`, equalised(isFused ? turned(kernel) : kernel, Math.SQRT2));
    }
    this.#weights.set(`${to}.bias`, await from.read(`${name}/bias`, 1));
    if (from.has(`${name}/Noise/weight`))
      this.#weights.set(`${to}.noise_strength`, await from.read(`${name}/Noise/weight`, 1));
    if (from.has(`noise${index}`)) this.#weights.set(`${to}.noise`, await from.read(`noise${index}`, 4));
    const style = reordered(await from.read(`${name}/StyleMod/weight`, 2), [1, 0]);
    this.#weights.set(`${to}.style.weight`, equalised(style, 1));
    this.#weights.set(`${to}.style.bias`, await from.read(`${name}/StyleMod/bias`, 1));
  }

  /** Kernels do not show it; a setting of the file overrides the published rule. */
  #isFused(resolution: number): boolean {
    const setting = this.#setting("synthesis", "fused_scale");
    return typeof setting === "boolean" ? setting : isFusedByRule(resolution);
  }

  #refuseOtherSettings(): void {
    for (const [component, name, wanted, otherwise] of SETTINGS) {
      const setting = this.#setting(component, name);
      if (setting !== undefined && setting !== null && setting !== wanted)
        throw this.tensors.refusal(otherwise, "use a generator with StyleGAN's own settings");
    }
    const filter = this.#setting("synthesis", "blur_filter");
    const isOther = Array.isArray(filter) ? String(filter) !== "1,2,1" : filter === null;
    if (isOther)
      throw this.tensors.refusal("smooths with another filter", "use a generator with the filter [1,2,1]");
  }

  #setting(component: string, name: string): unknown {
    const own = this.tensors.setting(`components.${component}.static_kwargs.${name}`);
    return own === undefined ? this.tensors.setting(`static_kwargs.${name}`) : own;
  }
}

function blockName(layer: number): string {
  const side = layerResolution(layer);
  return `${side}x${side}`;
}
