import { RfmError } from "../../files";
import type { Tensor } from "../../onnx";
import { numbersOf, reshaped } from "../arrays";
import type { ImportedGenerator } from "../imported";
import { aboutFile, type LayoutTensors } from "../layoutTensors";
import { styleGan2Mapping } from "./mapping";
import { layerResolution, styleGan2Shape, type StyleGan2Shape } from "./shape";
import { styleGan2Synthesis } from "./synthesis";

/** Name of the mean w among the canonical weights. */
export const AVERAGE = "truncation.w_avg";

const NO_AVERAGE =
  "The file holds no average w, which truncation pulls to: it is measured by mapping 10,000 seeds.";
const NO_NOISE =
  "The file holds no noise pictures for its noise strengths: faces are drawn without noise, all else works.";

/**
 * What every StyleGAN2 layout ends in: weights under the names of the genforce layout, checked by building the networks
 * from them.
 *
 * @param canonical weights under their canonical names, without the average.
 * @param average the mean w as [W] or [L,W], with axes of size 1 or without.
 * @throws RfmError("model") where they are no StyleGAN2, with the file's name.
 */
export function importedStyleGan2(
  layout: string,
  { file }: LayoutTensors,
  canonical: ReadonlyMap<string, Tensor>,
  average: Tensor | undefined,
): ImportedGenerator {
  return aboutFile(file, () => {
    const shape = styleGan2Shape(canonical);
    checkNetworks(canonical, shape);
    const mean = average && averageWeight(average, shape);
    const noise = noiseOf(canonical, shape);
    return {
      architecture: "stylegan2",
      layout,
      weights: new Map(mean === undefined ? canonical : [...canonical, [AVERAGE, mean]]),
      ...(mean && { average: numbersOf(mean) }),
      psi: { value: 1, cutoff: null },
      zDimension: shape.zDimension,
      wDimension: shape.wDimension,
      layers: shape.layers,
      resolution: shape.resolution,
      missing: [...(mean === undefined ? [NO_AVERAGE] : []), ...(noise.lacking ? [NO_NOISE] : [])],
      noise: noise.stored ? "stored" : "absent",
    };
  });
}

function averageWeight(average: Tensor, { layers, wDimension }: StyleGan2Shape): Tensor {
  const { length } = average.data;
  if (length === wDimension) return reshaped(average, [wDimension]);
  if (length === layers * wDimension) return reshaped(average, [layers, wDimension]);
  throw new RfmError(
    "model",
    `The average w has ${length} numbers where w has ${wDimension} and w+ ${layers} rows; use the whole checkpoint.`,
  );
}

function checkNetworks(weights: ReadonlyMap<string, Tensor>, { wDimension }: StyleGan2Shape): void {
  const w = styleGan2Mapping(weights).types.get("w")?.shape[1];
  if (w !== wDimension) {
    throw new RfmError(
      "model",
      `The mapping network gives ${w ?? 0} numbers where the styles take ${wDimension}; use a whole checkpoint.`,
    );
  }
  const colours = styleGan2Synthesis(weights).types.get("x")?.shape[1];
  if (colours !== 3) {
    throw new RfmError(
      "model",
      `The generator draws pictures of ${colours ?? 0} channels; use one that draws red, green and blue.`,
    );
  }
}

function noiseOf(
  weights: ReadonlyMap<string, Tensor>,
  { layers }: StyleGan2Shape,
): { stored: boolean; lacking: boolean } {
  const found = Array.from({ length: layers - 1 }, (_, index) => {
    const name = `synthesis.layer${index}`;
    const strength = weights.get(`${name}.noise_strength`);
    return {
      stored: weights.has(`${name}.noise`),
      strong: strength !== undefined && numbersOf(strength)[0] !== 0,
    };
  });
  return {
    stored: found.some(({ stored }) => stored),
    lacking: found.some(({ stored, strong }) => strong && !stored),
  };
}

/** A published convolution by its resolution and whether it doubles it, as the number of its canonical layer. */
export function layerNumber(resolution: number, doubles: boolean): number {
  return 2 * Math.round(Math.log2(resolution / layerResolution(0))) - (doubles ? 1 : 0);
}
