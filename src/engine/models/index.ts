export { buildFaceNetPack, FaceNetPack, openFaceNetPack, type BuiltFaceNets } from "./faceNets";
export { truncate, type Truncation } from "./truncation";
