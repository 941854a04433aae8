export { buildFaceNetPack, FaceNetPack, openFaceNetPack, type BuiltFaceNets } from "./faceNets";
export { addEncoder, type NewEncoder } from "./addEncoder";
export { buildPack, type BuiltPack } from "./buildPack";
export { BatchedGraph, largestBatch } from "./batches";
export { encoderGraph, type EncoderGraph } from "./encoderGraph";
export { importGenerator, type ImportGeneratorOptions } from "./importGenerator";
export { importOnnxGenerator, type OnnxGenerator, type OnnxGeneratorOptions } from "./importOnnxGenerator";
export { modelIdentity } from "./identity";
export type { CodeSpace, EncoderFit, ImportRecord, ModelManifest, PackAlignment, PackFile, PackFileRole, Psi } from "./manifest";
export { Model, openModel, type MapOptions, type SynthesizeOptions } from "./model";
export { refuseForeignFolder } from "./packFolder";
export { isLarge } from "./large";
export { modelsRoot } from "./modelsRoot";
export type { Noise } from "./noise";
export { ModelPack, openPack, parseManifest } from "./openPack";
export {
  buildPerceptualPack,
  openPerceptual,
  Perceptual,
  type PerceptualManifest,
  type PerceptualSource,
} from "./perceptualPack";
export {
  buildScorerPack,
  openScorerPack,
  ScorerPack,
  type ColourNumbers,
  type ScorerInput,
  type ScorerManifest,
  type ScorerSource,
} from "./scorerPack";
export { truncate, type Truncation } from "./truncation";
export type { TunableGraph } from "./tunableGraph";
export { readTunedFile, tunedFileBytes, type TunedBinding } from "./tunedFile";
export { TunedPack, type WeightDeltas } from "./tunedPack";
