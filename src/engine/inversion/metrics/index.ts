export { comparePictures, type CompareTools, type PictureMetrics } from "./comparePictures";
export { perceptualDistance } from "./perceptual";
export { meanSquaredDifference, psnr } from "./psnr";
export { ssim } from "./ssim";
