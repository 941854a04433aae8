export { styleGan2Mapping } from "./mapping";
export { hasNoise } from "./noise";
export { styleGan2Shape, type StyleGan2Shape } from "./shape";
export { styleGan2Synthesis, type SynthesisOptions } from "./synthesis";
