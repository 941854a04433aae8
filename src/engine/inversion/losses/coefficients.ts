/** Coefficients of RFM's losses; 0 leaves a part out. */
export interface LossCoefficients {
  /** Of the mean squared error. RFM: 5. */
  readonly mse: number;
  /** Of the divergence of softmax over channels. RFM: 1. */
  readonly kl: number;
  /** Of 1 - cosine. RFM: 3. */
  readonly cosine: number;
  /** Of LPIPS, or of what stands in for it. RFM: 2. */
  readonly perceptual: number;
  /** Of 1 - SSIM. RFM: 1. */
  readonly ssim: number;
  /** Range of values that SSIM's constants are made for. RFM: 1. */
  readonly ssimRange: number;
  /** Of the loss of the middle columns (AT1). RFM: 0.375. */
  readonly at1: number;
  /** Of the loss of the middle (AT2). RFM: 0.625. */
  readonly at2: number;
  /** Of the losses of w and of the 4x4 features in the latent step. RFM: 0.01. */
  readonly latent: number;
  /** Of ||w||_p in the latent step. RFM: 0.001. */
  readonly beta: number;
  /** The norm's p, from 1 to 16. RFM: 2. */
  readonly p: number;
}

/** RFM's. */
export const RFM_COEFFICIENTS: LossCoefficients = {
  mse: 5,
  kl: 1,
  cosine: 3,
  perceptual: 2,
  ssim: 1,
  ssimRange: 1,
  at1: 0.375,
  at2: 0.625,
  latent: 0.01,
  beta: 0.001,
  p: 2,
};
