import { RfmError } from "../files";
import { MersenneTwister } from "./mersenneTwister";

const BLOCK = 16;
const HALF = BLOCK / 2;
const TWO_PI = Math.fround(2 * Math.PI);

/**
 * PyTorch's random numbers on the CPU: after `torch.manual_seed(seed)`, each call of {@link normals} is one
 * `torch.randn(count)`. Networks were sampled with these, so z and noise come from them too.
 *
 * PyTorch fills a tensor with 24-bit uniforms and turns every 16 of them into normals by Box and Muller's
 * transform in float32 (`normal_fill` in ATen); a last incomplete block is redrawn whole. Each step is
 * rounded to float32 here too; only the last bit of its logarithm and cosine may differ (about 1e-7).
 */
export class TorchRandom {
  readonly #bits: MersenneTwister;

  /** @param seed a whole number; only its low 32 bits count, as in PyTorch. */
  constructor(seed: number) {
    this.#bits = new MersenneTwister(seed);
  }

  /** @param count at least 16: PyTorch draws shorter tensors in another way. */
  normals(count: number): Float32Array {
    if (count < BLOCK) {
      throw new RfmError(
        "usage",
        `A code of ${count} numbers is too short for PyTorch's seeds; use one of 16 or more.`,
      );
    }
    const values = Float32Array.from({ length: count }, () => this.#uniform());
    for (let start = 0; start + BLOCK <= count; start += BLOCK) boxMuller(values, start);
    if (count % BLOCK !== 0) {
      const start = count - BLOCK;
      for (let i = start; i < count; i++) values[i] = this.#uniform();
      boxMuller(values, start);
    }
    return values;
  }

  #uniform(): number {
    return (this.#bits.next() & 0xffffff) * 2 ** -24;
  }
}

/** Pairs (j, j+8) of a block: uniforms in, normals out. */
function boxMuller(values: Float32Array, start: number): void {
  for (let j = start; j < start + HALF; j++) {
    const first = Math.fround(1 - (values[j] ?? 0));
    const logarithm = Math.fround(Math.log(first));
    const radius = Math.fround(Math.sqrt(Math.fround(-2 * logarithm)));
    const angle = Math.fround(TWO_PI * (values[j + HALF] ?? 0));
    values[j] = radius * Math.fround(Math.cos(angle));
    values[j + HALF] = radius * Math.fround(Math.sin(angle));
  }
}
