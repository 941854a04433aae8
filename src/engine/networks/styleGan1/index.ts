export { fromGenforceStyleGan1 } from "./fromGenforce";
export { fromNvidiaStyleGan1 } from "./fromNvidiaTensorFlow";
export { fromRfmPort } from "./fromRfmPort";
export { styleGan1Mapping } from "./mapping";
export { styleGan1Noise, type NoisePicture } from "./noise";
export { styleGan1Shape, type StyleGan1Shape } from "./shape";
export { styleGan1Synthesis } from "./synthesis";
