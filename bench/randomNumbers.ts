/** Numbers of unit variance and no pattern (xorshift), times a scale. */
export function randomNumbers(count: number, scale: number, seed: number): Float32Array {
  const result = new Float32Array(count);
  let state = Math.imul(seed, 0x9e3779b1) | 1;
  for (let i = 0; i < count; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    result[i] = (state / 2 ** 31) * Math.sqrt(3) * scale;
  }
  return result;
}
