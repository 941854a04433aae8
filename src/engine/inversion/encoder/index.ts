export { fitEncoder, type EncoderProgress, type FitEncoderOptions, type FittedEncoder } from "./fitEncoder";
