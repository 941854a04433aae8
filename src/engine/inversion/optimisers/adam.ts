export interface AdamOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/**
 * Adam (Kingma and Ba 2015) on one array of float32 parameters. The moments are allocated once; steps allocate nothing.
 */
export class Adam {
  /** Running means of the gradient and of its square. A caller that goes on from an earlier run sets them and the steps. */
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  steps = 0;
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;

  constructor(
    readonly parameters: Float32Array,
    { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions = {},
  ) {
    this.firstMoment = new Float32Array(parameters.length);
    this.secondMoment = new Float32Array(parameters.length);
    this.#beta1 = beta1;
    this.#beta2 = beta2;
    this.#epsilon = epsilon;
  }

  /** Moves the parameters one step down their gradient. */
  step(gradient: Float32Array, learningRate: number): void {
    this.steps++;
    const first = this.firstMoment;
    const second = this.secondMoment;
    const size = learningRate / (1 - this.#beta1 ** this.steps);
    const correction = 1 / (1 - this.#beta2 ** this.steps);
    for (let i = 0; i < gradient.length; i++) {
      const g = gradient[i] as number;
      const m = this.#beta1 * (first[i] as number) + (1 - this.#beta1) * g;
      const v = this.#beta2 * (second[i] as number) + (1 - this.#beta2) * g * g;
      first[i] = m;
      second[i] = v;
      const move = (size * m) / (Math.sqrt(v * correction) + this.#epsilon);
      this.parameters[i] = (this.parameters[i] as number) - move;
    }
  }
}
