export * from "./face";
export { weightsFrom } from "./fromStored";
export { linearEncoder } from "./linearEncoder";
export {
  hasNoise,
  styleGan2Mapping,
  styleGan2Shape,
  styleGan2Synthesis,
  type StyleGan2Shape,
  type SynthesisOptions,
} from "./styleGan2";
export type { Weights } from "./weights";
