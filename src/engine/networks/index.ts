export * from "./face";
export { weightsFrom } from "./fromStored";
export type { FamilyPsi, GeneratorArchitecture, GeneratorSource, ImportedGenerator } from "./imported";
export { linearEncoder } from "./linearEncoder";
export { pgGanGenerator, pgGanShape, type PgGanShape } from "./pgGan";
export { recogniseGenerator } from "./recognise";
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
export { weightOf, type Weights } from "./weights";
