export { fromAdaPytorch } from "./fromAdaPytorch";
export { fromGenforce } from "./fromGenforce";
export { fromNvidiaTensorFlow } from "./fromNvidiaTensorFlow";
export { fromRosinality } from "./fromRosinality";
export { styleGan2Mapping } from "./mapping";
export type { LayerNoise } from "./noise";
export { refuseStyleGan3 } from "./refuseStyleGan3";
export { styleGan2Shape, type StyleGan2Shape } from "./shape";
export { styleGan2Noise, styleGan2Synthesis } from "./synthesis";
