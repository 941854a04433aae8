import { RfmError } from "../../files";
import type { Tensor } from "../../onnx";
import { numbersOf, reshaped } from "../arrays";
import type { FamilyPsi, ImportedGenerator } from "../imported";
import { aboutFile, type LayoutTensors } from "../layoutTensors";
import type { Weights } from "../weights";
import { styleGan1Mapping } from "./mapping";
import { noiseInput, styleGan1Noise } from "./noise";
import { layerResolution, mappingShape, styleGan1Shape, type StyleGan1Shape } from "./shape";
import { styleGan1Synthesis } from "./synthesis";

const AVERAGE = "truncation.w_avg";

const NO_MAPPING =
  "The files hold no mapping network: codes w are drawn and edited, but seeds give no faces.";
const NO_SYNTHESIS = "The files hold no synthesis network: seeds are mapped to w, but no picture is drawn.";
const NO_AVERAGE =
  "The files hold no average w, which truncation pulls to: it is measured by mapping 10,000 seeds.";
const NO_AVERAGE_NOR_MAPPING =
  "The files hold no average w, which truncation pulls to: codes are drawn as they are.";
const NO_NOISE =
  "The files hold no noise pictures for their noise strengths: faces are drawn without noise, or with noise of a seed.";

/** Parts of a StyleGAN1, under their canonical names. */
export interface StyleGan1Parts {
  readonly layout: string;
  /** Where the parts come from, for error messages. */
  readonly tensors: LayoutTensors;
  /** The mapping network, the synthesis network or both. */
  readonly weights: ReadonlyMap<string, Tensor>;
  /** The mean w as [W] or [L,W], with axes of size 1 or without. */
  readonly average: Tensor | undefined;
  /** Layers that are truncated by default; of all `layers`, 0 where they are unknown. */
  readonly cutoff: (layers: number) => number;
}

/**
 * What every StyleGAN1 layout ends in: canonical weights, checked by building the networks from them. A file may hold
 * one of the two networks alone: then `layers`, `resolution` or `zDimension` is 0 where nothing tells it.
 *
 * @throws RfmError("model") where they are no StyleGAN1, with the file's name.
 */
export function importedStyleGan1(parts: StyleGan1Parts): ImportedGenerator {
  const { layout, tensors, weights, average } = parts;
  return aboutFile(tensors.file, () => {
    const shape = checkedShape(weights, average);
    const mean = average && averageWeight(average, shape);
    const psi: FamilyPsi = { value: 0.7, cutoff: parts.cutoff(shape.layers) };
    return {
      architecture: "stylegan1",
      layout,
      weights: new Map(mean === undefined ? weights : [...weights, [AVERAGE, mean]]),
      ...(mean && { average: numbersOf(mean) }),
      psi,
      zDimension: shape.zDimension,
      wDimension: shape.wDimension,
      layers: shape.layers,
      resolution: shape.resolution,
      missing: missingParts(weights, mean !== undefined),
      noise: storedNoise(weights).length > 0 ? "stored" : "absent",
    };
  });
}

type Sizes = Omit<StyleGan1Shape, "channels">;

function checkedShape(weights: Weights, average: Tensor | undefined): Sizes {
  const mapping = mappingShape(weights);
  if (mapping !== undefined) styleGan1Mapping(weights);
  if (!weights.has("synthesis.const")) return mappingAlone(mapping, average);
  const shape = styleGan1Shape(weights);
  styleGan1Synthesis(weights);
  if (mapping !== undefined && mapping.wDimension !== shape.wDimension) {
    throw new RfmError(
      "model",
      `The mapping network gives ${mapping.wDimension} numbers where the styles take ${shape.wDimension}; use the parts of one generator.`,
    );
  }
  return shape;
}

/** Only an average with a row for each layer tells then how many layers there are. */
function mappingAlone(mapping: ReturnType<typeof mappingShape>, average: Tensor | undefined): Sizes {
  if (mapping === undefined)
    throw new RfmError(
      "model",
      "There is neither a mapping nor a synthesis network; use a whole checkpoint.",
    );
  const rows = (average?.data.length ?? 0) / mapping.wDimension;
  const layers = Number.isInteger(rows) && rows > 1 && rows % 2 === 0 ? rows : 0;
  return { ...mapping, layers, resolution: layers === 0 ? 0 : layerResolution(layers - 1) };
}

/** [W], or [L,W] where the rows differ: some files repeat one row for every layer. */
function averageWeight(average: Tensor, { layers, wDimension }: Sizes): Tensor {
  const { length } = average.data;
  if (length === wDimension) return reshaped(average, [wDimension]);
  if (length !== layers * wDimension) {
    throw new RfmError(
      "model",
      `The average w has ${length} numbers where w has ${wDimension} and w+ ${layers} rows; use the average of this generator.`,
    );
  }
  const numbers = numbersOf(average);
  const isRepeated = numbers.every((value, i) => value === numbers[i % wDimension]);
  if (!isRepeated) return reshaped(average, [layers, wDimension]);
  return { type: "float32", shape: [wDimension], data: numbers.slice(0, wDimension) };
}

function missingParts(weights: Weights, hasAverage: boolean): string[] {
  const hasMapping = weights.has("mapping.dense0.weight");
  const hasSynthesis = weights.has("synthesis.const");
  return [
    ...(hasMapping ? [] : [NO_MAPPING]),
    ...(hasSynthesis ? [] : [NO_SYNTHESIS]),
    ...(hasAverage ? [] : [hasMapping ? NO_AVERAGE : NO_AVERAGE_NOR_MAPPING]),
    ...(hasSynthesis && storedNoise(weights).length < styleGan1Noise(weights).length ? [NO_NOISE] : []),
  ];
}

/** The layers whose noise has strengths and a stored picture. */
function storedNoise(weights: Weights): string[] {
  return [...weights.keys()].filter((name) => {
    const [, layer] = /^synthesis\.layer(\d+)\.noise$/.exec(name) ?? [];
    return layer !== undefined && noiseInput(weights, Number(layer)) !== undefined;
  });
}
