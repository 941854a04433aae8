export { Adam, rampedLearningRate, type AdamOptions } from "./optimisers";
export { CheckpointFile, type CheckpointState, type CheckpointStore } from "./checkpoint";
export { COURSE_POINTS, CourseRecorder, type LossCourse } from "./course/course";
export { FAST_METHOD, Inverter } from "./fast/inverter";
export type {
  FaceInverter,
  InversionHooks,
  InversionProgress,
  InversionResult,
  InversionTarget,
  LossParts,
} from "./method";
export {
  invertPhoto,
  type InvertedFace,
  type InvertedPhoto,
  type InvertPhotoOptions,
  type InversionPhase,
  type PhotoHooks,
  type PhotoProgress,
} from "./photo/invertPhoto";
export { latentDocument, type LatentParts } from "./documents/latentDocument";
export { latentPaths } from "./photo/latentPaths";
export { inversionGraph, type LossNetworks } from "./fast/graph";
export { psnr, ssim } from "./metrics";
export { inversionSettings, type InversionOptions, type InversionSettings } from "./fast/options";
