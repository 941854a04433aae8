import type { Random } from "./random";

/** Numbers at which sizes go wrong. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** Bytes with a few things wrong: bits, sizes, pieces cut out, doubled, moved or overwritten. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let result = Buffer.from(bytes);
  for (let count = random.integer(1, 4); count > 0 && result.length > 8; count--) {
    const at = random.integer(0, result.length);
    const length = random.integer(1, Math.min(64, result.length - at) + 1);
    const piece = Buffer.from(result.subarray(at, at + length));
    switch (random.integer(0, 7)) {
      case 0:
        result[at] = (result[at] ?? 0) ^ (1 << random.integer(0, 8));
        break;
      case 1:
        result[at] = random.integer(0, 256);
        break;
      case 2:
        if (at + 4 <= result.length) result.writeUInt32LE(EDGES[random.integer(0, EDGES.length)] ?? 0, at);
        break;
      case 3:
        result = Buffer.from(result.subarray(0, at));
        break;
      case 4:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + length)]);
        break;
      case 5:
        result = Buffer.concat([result.subarray(0, at), piece, result.subarray(at)]);
        break;
      default:
        piece.copy(result, random.integer(0, result.length));
    }
  }
  return new Uint8Array(result);
}
