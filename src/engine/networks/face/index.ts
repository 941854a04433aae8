export { DETECTOR_SIZE } from "./detector";
export { FACE_NETS, faceNetFiles, faceNetGraphs, type FaceNetName } from "./graphs";
export { faceNetInput } from "./input";
export { EXPRESSIONS, FACE_SIZE, type Expression } from "./landmarks";
export { RECOGNISER_SIZE } from "./recogniser";
export { TINY_DETECTOR_SIZE } from "./tinyDetector";
