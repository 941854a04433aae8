import type { Networks } from "./contents";

/** What has to be known before weights are used. */
const NVIDIA =
  "Weights published by NVIDIA are under CC BY-NC 4.0 or the NVIDIA source code licence: research and other non-commercial use only; weights converted from them stay under it.";
const NONE_STATED =
  "The repository that publishes this layout has no licence file: ask its authors before you share anything.";
const VGG = "LPIPS weights: BSD 2-Clause; torchvision's VGG16: BSD 3-Clause.";
/** Of files that anybody may have made. */
export const UNKNOWN_LICENCE = "The file does not say its licence; look where you got it.";

/** Sentences about the licences that networks of these layouts were published under. */
export function licencesOf({ generator, encoder, classifiers, lpips }: Networks): string[] {
  const sentences = new Set<string>();
  if (generator !== undefined) {
    if (/nvidia|ada/i.test(generator.layout)) sentences.add(NVIDIA);
    else if (/rfm|mtv/i.test(generator.layout)) sentences.add(NONE_STATED).add(NVIDIA);
    else if (/genforce/i.test(generator.layout)) sentences.add(NVIDIA);
    else sentences.add(UNKNOWN_LICENCE).add(NVIDIA);
  }
  if (encoder !== undefined) sentences.add(NONE_STATED);
  if (classifiers.length > 0) sentences.add(NVIDIA);
  if (lpips !== undefined) sentences.add(VGG);
  return [...sentences];
}
