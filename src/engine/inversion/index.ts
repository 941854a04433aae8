export { Adam, rampedLearningRate, type AdamOptions } from "./optimisers";
export {
  Inverter,
  type InversionHooks,
  type InversionLosses,
  type InversionProgress,
  type InversionResult,
  type InversionTarget,
} from "./fast/inverter";
export {
  invertPhoto,
  type InvertedFace,
  type InvertedPhoto,
  type InvertPhotoOptions,
  type InversionPhase,
  type PhotoHooks,
  type PhotoProgress,
} from "./photo/invertPhoto";
export { FAST_METHOD, latentDocument, type LatentParts } from "./documents/latentDocument";
export { latentPaths } from "./photo/latentPaths";
export { inversionGraph, type LossNetworks } from "./fast/graph";
export { psnr, ssim } from "./metrics";
export { inversionSettings, type InversionOptions, type InversionSettings } from "./fast/options";
