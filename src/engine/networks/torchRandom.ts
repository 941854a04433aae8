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
 *
 * Tensors of fewer than 16 numbers are drawn one by one instead, in float64 from 53-bit uniforms, two normals at a time of
 * which the second waits for its turn (`normal_distribution` in ATen), also into the next short tensor.
 */
export class TorchRandom {
  readonly #bits: MersenneTwister;
  /** The second of two normals that were drawn one by one. */
  #waiting: number | undefined;

  /** @param seed a whole number; only its low 32 bits count, as in PyTorch. */
  constructor(seed: number) {
    this.#bits = new MersenneTwister(seed);
  }

  /** As one `torch.randn(count)`. */
  normals(count: number): Float32Array {
    if (count < BLOCK) return Float32Array.from({ length: count }, () => this.#single());
    const values = Float32Array.from({ length: count }, () => this.#uniform());
    for (let start = 0; start + BLOCK <= count; start += BLOCK) boxMuller(values, start);
    if (count % BLOCK !== 0) {
      const start = count - BLOCK;
      for (let i = start; i < count; i++) values[i] = this.#uniform();
      boxMuller(values, start);
    }
    return values;
  }

  #single(): number {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) return waiting;
    const angle = 2 * Math.PI * this.#uniform53();
    const radius = Math.sqrt(-2 * Math.log1p(-this.#uniform53()));
    this.#waiting = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** The low 53 of 64 bits, whose high half comes first. */
  #uniform53(): number {
    const high = this.#bits.next() & 0x1fffff;
    return (high * 2 ** 32 + this.#bits.next()) * 2 ** -53;
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
