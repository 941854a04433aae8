import { affine, reordered, reshaped } from "../arrays";
import type { GeneratorRecogniser, ImportedGenerator } from "../imported";
import type { LayoutTensors } from "../layoutTensors";
import { findNvidiaNetwork, NvidiaNetwork, refuseLabels, SYNTHESIS } from "../nvidiaTensorFlow";
import { importedStyleGan2, layerNumber } from "./imported";
import { LEARNING_RATE } from "./mapping";

const LAYOUT = "NVIDIA StyleGAN2 (TensorFlow)";
const MARKER = "variables.4x4/Const/const";

/**
 * The `.pkl` files of NVIDIA's StyleGAN2 for TensorFlow: (G, D, Gs), of which Gs is taken, or one network alone.
 *
 * Kernels are [h,w,in,out], matrices [in,out]; otherwise its numbers are the canonical ones.
 */
export const fromNvidiaTensorFlow: GeneratorRecogniser = (files) => {
  const tensors = findNvidiaNetwork(files, MARKER);
  // StyleGAN1 has the same constant, but normalises instead of modulating.
  if (!tensors?.names().some((name) => name.startsWith(SYNTHESIS) && name.endsWith("/mod_weight")))
    return undefined;
  refuseOtherWirings(tensors);
  return { architecture: "stylegan2", layout: LAYOUT, load: () => load(tensors) };
};

function refuseOtherWirings(tensors: LayoutTensors): void {
  const names = tensors.names().filter((name) => name.startsWith("components."));
  refuseLabels(tensors);
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

async function load(tensors: LayoutTensors): Promise<ImportedGenerator> {
  const network = new NvidiaNetwork(tensors);
  const { synthesis, weights } = network;
  refuseOtherSettings(network);
  const factor = ((await network.mappingRate()) ?? LEARNING_RATE) / LEARNING_RATE;
  await network.denseLayers((matrix) => affine(matrix, factor), factor);
  weights.set("synthesis.early_layer.const", await synthesis.read("4x4/Const/const", 4));
  await readConvolution(network, "4x4/Conv", 0);
  await readModulated(network, "4x4/ToRGB", "synthesis.output0");
  for (let r = 8; synthesis.has(`${r}x${r}/Conv1/weight`); r *= 2) {
    await readConvolution(network, `${r}x${r}/Conv0_up`, layerNumber(r, true));
    await readConvolution(network, `${r}x${r}/Conv1`, layerNumber(r, false));
    await readModulated(network, `${r}x${r}/ToRGB`, `synthesis.output${Math.log2(r / 4)}`);
  }
  return importedStyleGan2(LAYOUT, tensors, weights, await network.average());
}

async function readConvolution(network: NvidiaNetwork, name: string, layer: number): Promise<void> {
  const { synthesis: from, weights } = network;
  const to = `synthesis.layer${layer}`;
  await readModulated(network, name, to);
  if (!from.has(`${name}/noise_strength`)) return;
  weights.set(`${to}.noise_strength`, reshaped(await from.read(`${name}/noise_strength`), []));
  if (from.has(`noise${layer}`)) weights.set(`${to}.noise`, await from.read(`noise${layer}`, 4));
}

async function readModulated(
  { synthesis: from, weights }: NvidiaNetwork,
  name: string,
  to: string,
): Promise<void> {
  weights.set(`${to}.weight`, reordered(await from.read(`${name}/weight`, 4), [3, 2, 0, 1]));
  weights.set(`${to}.bias`, await from.read(`${name}/bias`, 1));
  weights.set(`${to}.style.weight`, reordered(await from.read(`${name}/mod_weight`, 2), [1, 0]));
  weights.set(`${to}.style.bias`, await from.read(`${name}/mod_bias`, 1));
}

/** Networks keep the arguments that they were built with; what differs from StyleGAN2's own cannot be built. */
function refuseOtherSettings(network: NvidiaNetwork): void {
  const { tensors } = network;
  const filter = network.setting("synthesis", "resample_kernel");
  if (Array.isArray(filter) && String(filter) !== "1,3,3,1")
    throw tensors.refusal(
      `smooths with the filter [${String(filter)}]`,
      "use a generator with StyleGAN2's own filter [1,3,3,1]",
    );
  for (const [component, name] of [
    ["mapping", "mapping_nonlinearity"],
    ["synthesis", "nonlinearity"],
  ] as const) {
    const activation = network.setting(component, name);
    if (typeof activation === "string" && activation !== "lrelu")
      throw tensors.refusal(`has the activation ${activation}`, "use a generator with leaky ReLU");
  }
  if (network.setting("mapping", "normalize_latents") === false)
    throw tensors.refusal("does not scale z to unit length", "use StyleGAN2's own mapping network");
}
