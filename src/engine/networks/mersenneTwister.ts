const SIZE = 624;
const PERIOD = 397;

/**
 * MT19937 (Matsumoto and Nishimura 1998, the 2002 initialisation): the generator behind
 * `torch.manual_seed` on the CPU, draw for draw.
 */
export class MersenneTwister {
  readonly #state = new Uint32Array(SIZE);
  #next = SIZE;

  /** @param seed only its low 32 bits count, as in PyTorch. */
  constructor(seed: number) {
    this.#state[0] = seed % 2 ** 32;
    for (let i = 1; i < SIZE; i++) {
      const previous = this.#at(i - 1);
      this.#state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** 32 random bits. */
  next(): number {
    if (this.#next === SIZE) this.#twist();
    let bits = this.#at(this.#next++);
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  }

  #twist(): void {
    for (let i = 0; i < SIZE; i++) {
      const joined = (this.#at(i) & 0x80000000) | (this.#at((i + 1) % SIZE) & 0x7fffffff);
      const half = joined >>> 1;
      this.#state[i] = this.#at((i + PERIOD) % SIZE) ^ half ^ (joined & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }

  #at(index: number): number {
    return this.#state[index] ?? 0;
  }
}
