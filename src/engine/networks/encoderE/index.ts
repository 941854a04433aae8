export { encoderE } from "./encoder";
export { recogniseEncoder } from "./fromRfm";
export { encoderEShape, type EncoderEShape } from "./shape";
