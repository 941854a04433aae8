export { buildFaceNetPack, FaceNetPack, openFaceNetPack, type BuiltFaceNets } from "./faceNets";
export { buildPack, type BuiltPack } from "./buildPack";
export { modelIdentity } from "./identity";
export type { ModelManifest, PackAlignment, PackFile, PackFileRole, Psi } from "./manifest";
export { Model, openModel, type MapOptions, type SynthesizeOptions } from "./model";
export { modelsRoot } from "./modelsRoot";
export type { Noise } from "./noise";
export { ModelPack, openPack, parseManifest } from "./openPack";
export { truncate, type Truncation } from "./truncation";
