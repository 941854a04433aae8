export { Adam, rampedLearningRate, type AdamOptions } from "./optimisers";
export { photosIn, REPORT_FILES, reportFolder, writeInversionReport, type ReportedFace } from "./batch";
export { CheckpointFile, LenientCheckpoint, type CheckpointState, type CheckpointStore } from "./checkpoint";
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
  fitEncoder,
  fitPackEncoder,
  type EncoderProgress,
  type FitEncoderOptions,
  type FitPackEncoderOptions,
  type FittedEncoder,
} from "./encoder";
export {
  invertPhoto,
  type InvertedFace,
  type InvertedPhoto,
  type InvertPhotoOptions,
  type InversionPhase,
  type PhotoHooks,
  type PhotoProgress,
} from "./photo/invertPhoto";
export { LatentNames, type NamedFaces, type NameOptions } from "./photo/latentNames";
export { inversionGraph, type LossNetworks } from "./fast/graph";
export { comparePictures, psnr, ssim, type CompareTools, type PictureMetrics } from "./metrics";
export { inversionSettings, type InversionOptions, type InversionSettings } from "./fast/options";
export {
  imageLoss,
  latentLoss,
  norm,
  recognitionDistances,
  RFM_COEFFICIENTS,
  SharedNetworks,
  shrunkSize,
  structuralSimilarity,
  viewOf,
  VIEWS,
  type Loss,
  type LossCoefficients,
  type PerceptualGraphs,
  type View,
  type ViewName,
} from "./losses";
export { LreqAdam, type LreqAdamOptions } from "./optimisers";
export { equalisationOf, trainableEncoder, type TrainableEncoder } from "./rfm/encoderWeights";
export { rfmGraph, weightName, type RfmNetworks } from "./rfm/graph";
export { rfmSettings, type Optimised, type RfmOptions, type RfmSettings } from "./rfm/options";
export { hoisted, type HoistedGraph } from "./session/hoist";
export { loopOptions } from "./session/loopOptions";
export { Shelf, type Releasable } from "./session/shelf";
export { Turns } from "./session/turns";
export { RFM_METHOD, RfmInverter } from "./rfm/inverter";
export { Tuner, type TuningResult } from "./tuning/tuner";
export type { TuningTarget } from "./tuning/run";
export { tuningGraph, weightGradient } from "./tuning/graph";
export { tuningSettings, type TuningOptions, type TuningSettings } from "./tuning/options";
export { photoFace } from "./tuning/photoFace";
export { tuneLatent, type PlacedLatent, type TunedLatent } from "./tuning/tuneLatent";
