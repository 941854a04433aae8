export {
  CELEBA_ATTRIBUTES,
  celebaClassifierGraph,
  classifiedAttribute,
  classifierAttributeRecord,
  classifierGroups,
  classifierScores,
  classifierShape,
  LARGEST_GRAPH,
  nearestResized,
  recogniseClassifier,
  type CelebaClassifier,
  type ClassifiedAttribute,
  type ClassifierShape,
  type ClassifierSource,
} from "./celebaClassifier";
export { encoderE, encoderEShape, recogniseEncoder, type EncoderEShape } from "./encoderE";
export * from "./face";
export { weightsFrom } from "./fromStored";
export type {
  EncoderSource,
  FamilyPsi,
  GeneratorArchitecture,
  GeneratorSource,
  ImportedEncoder,
  ImportedGenerator,
} from "./imported";
export { linearEncoder } from "./linearEncoder";
export { pgGanGenerator, pgGanShape, type PgGanShape } from "./pgGan";
export { recogniseGenerator } from "./recognise";
export {
  styleGan1Mapping,
  styleGan1Noise,
  styleGan1Shape,
  styleGan1Synthesis,
  type NoisePicture,
  type StyleGan1Shape,
} from "./styleGan1";
export {
  styleGan2Mapping,
  styleGan2Noise,
  styleGan2Shape,
  styleGan2Synthesis,
  type LayerNoise,
  type StyleGan2Shape,
} from "./styleGan2";
export { styleWeights, type StyleWeight } from "./styleWeights";
export { TorchRandom } from "./torchRandom";
export { lpips, lpipsPart, recogniseLpips, type LpipsPart, type LpipsSource } from "./vgg";
export { weightOf, type Weights } from "./weights";
