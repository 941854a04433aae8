import { add, mul, type Value } from "../../onnx";
import type { LossCoefficients } from "./coefficients";
import { cosineDistance, meanSquaredError, norm, softmaxDivergence } from "./distances";
import { weightedLoss, type Loss } from "./imageLoss";

/** What the encoder says of the picture of w: w again, and its 4x4 features. */
export interface Reencoded {
  readonly w: Value;
  /** The features of the photo and of the picture, [1,c,4,4]; missing where the encoder gives none. */
  readonly features?: { readonly photo: Value; readonly picture: Value };
}

/**
 * RFM's latent loss: 0.01 (loss of w + loss of the 4x4 features) + beta ||w||_p, each loss 5 MSE + KL(softmax) +
 * 3 (1 - cosine). Over w there is no divergence: PyTorch's implicit axis of a softmax over three axes is the first, along
 * which a single w has one entry, whose softmax is 1 whatever it is.
 *
 * @param w [1,L,D].
 * @param reencoded missing where there is no encoder: then the norm alone counts.
 * @returns parts `w`, `const` and `norm`; undefined where every coefficient is 0.
 */
export function latentLoss(
  w: Value,
  reencoded: Reencoded | undefined,
  coefficients: LossCoefficients,
): Loss | undefined {
  const parts: Record<string, Value> = { norm: norm(w, coefficients.p) };
  const terms: Value[] = [];
  const count = (name: string, distances: Parameters<typeof weightedLoss>[1]): void => {
    const isCounted = Object.keys(distances).some((part) => coefficients[part as keyof typeof distances] > 0);
    if (!isCounted || coefficients.latent === 0) return;
    const { total } = weightedLoss(coefficients, distances);
    parts[name] = total;
    terms.push(mul(total, coefficients.latent));
  };
  if (reencoded !== undefined) {
    count("w", {
      mse: () => meanSquaredError(w, reencoded.w),
      cosine: () => cosineDistance(w, reencoded.w),
    });
  }
  if (reencoded?.features !== undefined) {
    const { photo, picture } = reencoded.features;
    count("const", {
      mse: () => meanSquaredError(photo, picture),
      kl: () => softmaxDivergence(photo, picture),
      cosine: () => cosineDistance(photo, picture),
    });
  }
  if (coefficients.beta > 0 && parts["norm"] !== undefined) terms.push(mul(parts["norm"], coefficients.beta));
  const [first, ...rest] = terms;
  return first === undefined ? undefined : { total: rest.reduce(add, first), parts };
}
