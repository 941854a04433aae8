import type { Tensor } from "../../onnx";
import type { GeneratorRecogniser, ImportedGenerator } from "../imported";
import { findLayout, type LayoutTensors } from "../layoutTensors";
import { AVERAGE, importedStyleGan2 } from "./imported";

const LAYOUT = "genforce";

/**
 * The `.pth` files of genforce's model zoo (`generator_smooth`, or `generator` where there is no running average), and
 * plain tables of the same names. It is the canonical layout: names and numbers stay as they are.
 */
export const fromGenforce: GeneratorRecogniser = (files) => {
  const tensors = findLayout(files, "synthesis.early_layer.const", [
    "generator_smooth.",
    "generator_ema.",
    "generator.",
  ]);
  if (tensors === undefined) return undefined;
  refuseOtherWirings(tensors);
  return { architecture: "stylegan2", layout: LAYOUT, load: () => load(tensors) };
};

function refuseOtherWirings(tensors: LayoutTensors): void {
  const names = tensors.names();
  const conditional = names.some((name) => name.startsWith("mapping.label"));
  if (conditional) throw tensors.refusal("is a generator of labelled classes", "use one without labels");
  if (names.some((name) => name.startsWith("synthesis.skip_layer")))
    throw tensors.refusal("has the residual wiring of StyleGAN2", "use a generator with skip connections");
  if (!tensors.has("synthesis.output0.weight"))
    throw tensors.refusal("has no picture at every resolution", "use a generator with skip connections");
}

/** What the canonical layout consists of; filters that some files hold beside it are always the same. */
const CANONICAL =
  /^(?:mapping\.dense\d+\.(?:weight|bias)|synthesis\.(?:early_layer\.const|layer\d+\.(?:weight|bias|noise|noise_strength|style\.(?:weight|bias))|output\d+\.(?:weight|bias|style\.(?:weight|bias))))$/;

async function load(tensors: LayoutTensors): Promise<ImportedGenerator> {
  const weights = new Map<string, Tensor>();
  for (const name of tensors.names().filter((each) => CANONICAL.test(each)))
    weights.set(name, await tensors.read(name));
  const average = tensors.has(AVERAGE) ? await tensors.read(AVERAGE) : undefined;
  return importedStyleGan2(LAYOUT, tensors, weights, average);
}
