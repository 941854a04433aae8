export { styleGan2Mapping } from "./mapping";
export type { LayerNoise } from "./noise";
export { styleGan2Shape, type StyleGan2Shape } from "./shape";
export { styleGan2Noise, styleGan2Synthesis } from "./synthesis";
