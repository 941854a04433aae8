import { RfmError } from "../../files";
import type { Tensor } from "../../onnx";
import { refuseHalfGrown } from "../halfGrown";
import type { GeneratorRecogniser, ImportedGenerator } from "../imported";
import { aboutFile, findLayout, type LayoutTensors } from "../layoutTensors";
import { pgGanGenerator } from "./generator";
import { pgGanShape } from "./shape";

const LAYOUT = "genforce";
const PREFIXES = ["generator_smooth.", "generator_ema.", "generator."];

/**
 * The progressive GANs of InterFaceGAN and genforce (`.pth`). The canonical layout is the older one
 * (`layer0.conv.weight`, `layer0.wscale.bias`); genforce's later zoo has `layer0.weight` and `layer0.bias`.
 */
export const fromGenforcePgGan: GeneratorRecogniser = (files) => {
  for (const [weight, bias] of [
    ["conv.weight", "wscale.bias"],
    ["weight", "bias"],
  ] as const) {
    const tensors = findLayout(files, `layer0.${weight}`, PREFIXES);
    const hasOutput = tensors?.names().some((name) => /^output\d+\./.test(name) && name.endsWith(weight));
    // The other generators of this zoo keep theirs below "synthesis".
    if (tensors === undefined || hasOutput !== true || tensors.prefix.endsWith("synthesis.")) continue;
    if (tensors.names().some((name) => name.startsWith("layer0.style"))) continue;
    if (tensors.names().some((name) => name.startsWith("label")))
      throw tensors.refusal("is a generator of labelled classes", "use one without labels");
    return { architecture: "pggan", layout: LAYOUT, load: () => load(tensors, weight, bias) };
  }
  return undefined;
};

async function load(tensors: LayoutTensors, weight: string, bias: string): Promise<ImportedGenerator> {
  await refuseHalfGrown(tensors, "lod");
  const weights = new Map<string, Tensor>();
  const take = async (name: string): Promise<void> => {
    weights.set(`${name}.conv.weight`, await tensors.read(`${name}.${weight}`, 4));
    weights.set(`${name}.wscale.bias`, await tensors.read(`${name}.${bias}`, 1));
  };
  const layers = tensors.count((i) => `layer${i}.${weight}`);
  for (let i = 0; i < layers; i++) await take(`layer${i}`);
  // Only the picture at full size is drawn, but all of them are the model.
  for (let k = 0; k < layers / 2; k++) if (tensors.has(`output${k}.${weight}`)) await take(`output${k}`);
  return aboutFile(tensors.file, () => {
    const { resolution, zDimension } = pgGanShape(weights);
    const colours = pgGanGenerator(weights).types.get("x")?.shape[1];
    if (colours !== 3) {
      throw new RfmError(
        "model",
        `The generator draws pictures of ${colours ?? 0} channels; use one that draws red, green and blue.`,
      );
    }
    return {
      architecture: "pggan",
      layout: LAYOUT,
      weights,
      // It has no w: its codes are z, one row of them.
      psi: { value: 1, cutoff: null },
      zDimension,
      wDimension: zDimension,
      layers: 1,
      resolution,
      missing: [],
      noise: "absent",
    };
  });
}
