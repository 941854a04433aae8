export { fitEncoder, type EncoderProgress, type FitEncoderOptions, type FittedEncoder } from "./fitEncoder";
export { fitPackEncoder, type FitPackEncoderOptions } from "./fitPackEncoder";
