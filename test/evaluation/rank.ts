import { identityDistance } from "../../src/engine/faces";

/** The rank of a face among all: 1 where no other one is nearer. @param own distance to the right one */
export function rankOf(own: number, found: Float32Array, others: readonly Float32Array[]): number {
  return 1 + others.filter((other) => identityDistance(found, other) <= own).length;
}
