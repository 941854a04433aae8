import { RfmError } from "../files";

/** Faces whose embeddings are closer than this are likely of one person (the net's own threshold). */
export const SAME_PERSON = 0.6;

/** Euclidean distance of two embeddings of the recogniser. @throws RfmError("picture") where their lengths differ. */
export function identityDistance(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) {
    throw new RfmError(
      "picture",
      `Embeddings of ${a.length} and ${b.length} numbers cannot be compared; embed both anew.`,
    );
  }
  return Math.sqrt(a.reduce((sum, value, index) => sum + (value - (b[index] ?? NaN)) ** 2, 0));
}
