import type { OpenedCheckpoint } from "../../checkpoints";
import type { Tensor } from "../../onnx";
import type { EncoderSource, ImportedEncoder } from "../imported";
import { aboutFile, findLayout, type LayoutTensors } from "../layoutTensors";
import { encoderE } from "./encoder";
import { encoderEShape } from "./shape";

const LAYOUT = "RFM / MTV-TSA";

/** What the encoder computes with; the noise, random in the original, is left out. */
const USED =
  /^(?:FromRGB\.from_rgb\.(?:weight|bias)|decode_block\.\d+\.(?:bias_[12]|inver_mod[12]\.(?:weight|bias)|conv_[12]\.weight|blur\.weight|conv_3\.(?:weight|bias)))$/;

/**
 * The encoder E in these files (`E_*.pth` of RFM and MTV-TSA), recognised by what they hold; undefined where there is
 * none. Its weights keep their names.
 *
 * @throws RfmError("model") where it is one of its relatives that cannot be built.
 */
export function recogniseEncoder(files: readonly OpenedCheckpoint[]): EncoderSource | undefined {
  const tensors = findLayout(files, "decode_block.0.inver_mod1.weight");
  if (tensors === undefined) return undefined;
  if (tensors.names().some((name) => name.includes("instance_norm_3")))
    throw tensors.refusal("is an encoder with trained normalisation", "use E_Blur or E of MTV-TSA");
  if (tensors.has("new_final.weight"))
    throw tensors.refusal("is an encoder for PGGAN", "use one for StyleGAN1");
  if (!tensors.has("FromRGB.from_rgb.weight"))
    throw tensors.refusal("takes a picture at every size", "use an encoder with one FromRGB");
  return { architecture: "encoder-e", layout: LAYOUT, load: () => load(tensors) };
}

async function load(tensors: LayoutTensors): Promise<ImportedEncoder> {
  const weights = new Map<string, Tensor>();
  for (const name of tensors.names().filter((each) => USED.test(each)))
    weights.set(name, await tensors.read(name));
  return aboutFile(tensors.file, () => {
    const { resolution, layers, wDimension, constChannels } = encoderEShape(weights);
    encoderE(weights);
    return {
      architecture: "encoder-e",
      layout: LAYOUT,
      weights,
      resolution,
      layers,
      wDimension,
      constChannels,
    };
  });
}
