export * from "./face";
export { weightsFrom } from "./fromStored";
export { linearEncoder } from "./linearEncoder";
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
