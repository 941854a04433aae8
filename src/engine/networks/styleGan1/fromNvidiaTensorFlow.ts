import { reordered, turned } from "../arrays";
import { refuseHalfGrown } from "../halfGrown";
import type { GeneratorRecogniser, ImportedGenerator } from "../imported";
import type { LayoutTensors } from "../layoutTensors";
import { findNvidiaNetwork, NvidiaNetwork, refuseLabels, SYNTHESIS } from "../nvidiaTensorFlow";
import { equalised, LEARNING_RATE } from "./equalised";
import { importedStyleGan1 } from "./imported";
import { isFusedByRule } from "./kernels";
import { layerResolution } from "./shape";

const LAYOUT = "NVIDIA StyleGAN (TensorFlow)";
const MARKER = "variables.4x4/Const/StyleMod/weight";

/** Settings that change what the network computes, with the only value that can be built. */
const SETTINGS: readonly (readonly [
  component: "mapping" | "synthesis",
  name: string,
  wanted: unknown,
  otherwise: string,
])[] = [
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
  const tensors = findNvidiaNetwork(files, MARKER);
  if (tensors === undefined) return undefined;
  refuseLabels(tensors);
  if (!tensors.has(`${SYNTHESIS}variables.4x4/Const/const`))
    throw tensors.refusal(
      "begins with a dense layer instead of a constant",
      "use a generator with a constant",
    );
  return { architecture: "stylegan1", layout: LAYOUT, load: () => load(tensors) };
};

async function load(tensors: LayoutTensors): Promise<ImportedGenerator> {
  const network = new NvidiaNetwork(tensors);
  const { synthesis, weights } = network;
  refuseOtherSettings(network);
  await refuseHalfGrown(synthesis, "lod");
  await refuseHalfGrown(tensors, "variables.lod");
  const rate = (await network.mappingRate()) ?? LEARNING_RATE;
  await network.denseLayers((matrix) => equalised(matrix, Math.SQRT2 * rate), rate);
  weights.set("synthesis.const", await synthesis.read("4x4/Const/const", 4));
  await readLayer(network, "4x4/Const", 0);
  await readLayer(network, "4x4/Conv", 1);
  let layers = 2;
  for (; synthesis.has(`${blockName(layers)}/Conv0_up/weight`); layers += 2) {
    await readLayer(network, `${blockName(layers)}/Conv0_up`, layers);
    await readLayer(network, `${blockName(layers)}/Conv1`, layers + 1);
  }
  const picture = await synthesis.read("ToRGB_lod0/weight", 4);
  weights.set("synthesis.output.weight", equalised(reordered(picture, [3, 2, 0, 1]), 1));
  weights.set("synthesis.output.bias", await synthesis.read("ToRGB_lod0/bias", 1));
  return importedStyleGan1({
    layout: LAYOUT,
    tensors,
    weights,
    average: await network.average(),
    cutoff: (all) => Math.min(8, all),
  });
}

async function readLayer(network: NvidiaNetwork, name: string, index: number): Promise<void> {
  const { synthesis: from, weights } = network;
  const to = `synthesis.layer${index}`;
  if (index > 0) {
    const kernel = reordered(await from.read(`${name}/weight`, 4), [3, 2, 0, 1]);
    const isFusedLayer = index % 2 === 0 && isFused(network, layerResolution(index));
    weights.set(`${to}.weight`, equalised(isFusedLayer ? turned(kernel) : kernel, Math.SQRT2));
  }
  weights.set(`${to}.bias`, await from.read(`${name}/bias`, 1));
  if (from.has(`${name}/Noise/weight`))
    weights.set(`${to}.noise_strength`, await from.read(`${name}/Noise/weight`, 1));
  if (from.has(`noise${index}`)) weights.set(`${to}.noise`, await from.read(`noise${index}`, 4));
  const style = reordered(await from.read(`${name}/StyleMod/weight`, 2), [1, 0]);
  weights.set(`${to}.style.weight`, equalised(style, 1));
  weights.set(`${to}.style.bias`, await from.read(`${name}/StyleMod/bias`, 1));
}

/** Kernels do not show it; a setting of the file overrides the published rule. */
function isFused(network: NvidiaNetwork, resolution: number): boolean {
  const setting = network.setting("synthesis", "fused_scale");
  return typeof setting === "boolean" ? setting : isFusedByRule(resolution);
}

function refuseOtherSettings(network: NvidiaNetwork): void {
  const { tensors } = network;
  for (const [component, name, wanted, otherwise] of SETTINGS) {
    const setting = network.setting(component, name);
    if (setting !== undefined && setting !== null && setting !== wanted)
      throw tensors.refusal(otherwise, "use a generator with StyleGAN's own settings");
  }
  const filter = network.setting("synthesis", "blur_filter");
  const isOther = Array.isArray(filter) ? String(filter) !== "1,2,1" : filter === null;
  if (isOther)
    throw tensors.refusal("smooths with another filter", "use a generator with the filter [1,2,1]");
}

function blockName(layer: number): string {
  const side = layerResolution(layer);
  return `${side}x${side}`;
}
