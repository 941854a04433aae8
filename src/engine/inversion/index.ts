export { Adam, rampedLearningRate, type AdamOptions } from "./adam";
export {
  Inverter,
  type InversionHooks,
  type InversionLosses,
  type InversionProgress,
  type InversionResult,
  type InversionTarget,
} from "./inverter";
export {
  invertPhoto,
  type InvertedFace,
  type InvertedPhoto,
  type InvertPhotoOptions,
  type InversionPhase,
  type PhotoHooks,
  type PhotoProgress,
} from "./invertPhoto";
export { FAST_METHOD, latentDocument, type LatentParts } from "./latentDocument";
export { latentPaths } from "./latentPaths";
export { inversionGraph, type LossNetworks } from "./losses";
export { psnr, ssim } from "./metrics";
export { inversionSettings, type InversionOptions, type InversionSettings } from "./options";
