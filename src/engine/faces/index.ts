export { animationFormatOf, checkFrames, writeAnimation, type AnimationOptions } from "./animation";
export { alignmentQuad, FFHQ_ALIGNMENT, type Alignment } from "./align";
export { contactSheet, type ContactSheetOptions } from "./contactSheet";
export { cropQuad } from "./crop";
export { decodePicture, MAXIMUM_PIXELS, MAXIMUM_SIDE, MINIMUM_SIDE, type DecodeOptions } from "./decode";
export {
  encodePicture,
  encodePictureBytes,
  formatOf,
  type EncodedFormat,
  type EncodeOptions,
} from "./encode";
export { pasteBack, type PasteOptions } from "./paste";
export type { Picture } from "./picture";
export { applyAffine, cropToPhoto, photoToCrop, quadSide, type Affine, type Point, type Quad } from "./quad";
export { resizePicture, type Kernel } from "./resample";
export { fromTensor, toTensor } from "./tensor";
export { FACE_ATTRIBUTES, SCORE_REVISION, type FaceAttribute } from "./attributes";
export { type FaceDescription } from "./describe";
export { type DetectOptions, type Face } from "./detect";
export { doubtSentence, faceDoubts, type FaceDoubt, type ViewedFace } from "./faceDoubts";
export { FaceNets, openFaceNets } from "./faceNets";
export { cropRegion, type CropRegion, type Framing } from "./framing";
export { faceGeometry, type FaceGeometry } from "./geometry";
export { identityDistance, SAME_PERSON } from "./identity";
export { FACE_NET_ALIGNMENT } from "./landmarks";
export { outputsOf, pullBackScore } from "./scoreDerivatives";
export { identityGraph, scorerGraph, scoreSourcesGraph, type ScorerNets } from "./scorer";
