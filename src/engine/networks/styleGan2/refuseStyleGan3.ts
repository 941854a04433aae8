import type { GeneratorRecogniser } from "../imported";
import { findLayout } from "../layoutTensors";

/** StyleGAN3 comes in the same files as StyleGAN2-ADA, but draws in another way altogether: a sentence says so. */
export const refuseStyleGan3: GeneratorRecogniser = (files) => {
  const tensors = findLayout(files, "synthesis.input.freqs", ["G_ema."]);
  if (tensors === undefined) return undefined;
  throw tensors.refusal("is a StyleGAN3, which is not built here", "use a StyleGAN1 or StyleGAN2");
};
