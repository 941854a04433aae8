export { spaceOfCodes, spaceOfRow } from "./codeSpace";
export { latentCode, type CodeModel } from "./latentCode";
export { truncate, type Truncation } from "../models";
export { lerp, slerp, wPlusNorm } from "./morph";
export { LATENT_DIMENSION, parseSeeds, seedsToZ, seedToZ } from "./seeds";
export { seededRows, type SeededRows } from "./seededRows";
export { codeIdentities, codeIdentity } from "./codeIdentity";
export { namedTunedPath, openTunedModel, readTunedWeights, tunedPath } from "./tunedModel";
