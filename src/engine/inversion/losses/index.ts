export { RFM_COEFFICIENTS, type LossCoefficients } from "./coefficients";
export { cut, shrunk, shrunkSize, viewOf, VIEWS, type View, type ViewName } from "./crops";
export { cosineDistance, meanSquaredError, norm, softmaxDivergence } from "./distances";
export { imageLoss, type Loss, type PerceptualGraphs } from "./imageLoss";
export { latentLoss, type Reencoded } from "./latentLoss";
export { recognitionDistances } from "./recognitionFeatures";
export { SharedNetworks } from "./sharedNetworks";
export { structuralSimilarity } from "./structure";
