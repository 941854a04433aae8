/** Options of {@link LreqAdam}; the defaults are RFM's. */
export interface LreqAdamOptions {
  /** How much of the second moment is kept at each step. Default 0.99. */
  readonly beta2?: number;
  readonly epsilon?: number;
  /**
   * The learning rate is multiplied with it: the standard deviation that the weights of a layer began with, so that all
   * layers change at the same relative pace (learning-rate equalisation, Karras et al. 2018). Default 1.
   */
  readonly equalisation?: number;
}

/**
 * Adam without a first moment (beta1 = 0) and with an equalised learning rate, as ALAE, MTV-TSA and RFM have it
 * (Pidhorskyi et al. 2020):
 *
 *     v = beta2 v + (1 - beta2) g^2
 *     x = x - rate * equalisation * sqrt(1 - beta2^t) * g / (sqrt(v) + epsilon)
 *
 * The bias is corrected beside epsilon, not under it. Steps allocate nothing.
 */
export class LreqAdam {
  /** v; changed by {@link step}. */
  readonly secondMoment: Float32Array;
  /** Steps taken. */
  steps = 0;
  readonly #beta2: number;
  readonly #epsilon: number;
  readonly #equalisation: number;

  constructor(
    readonly parameters: Float32Array,
    { beta2 = 0.99, epsilon = 1e-8, equalisation = 1 }: LreqAdamOptions = {},
  ) {
    this.secondMoment = new Float32Array(parameters.length);
    this.#beta2 = beta2;
    this.#epsilon = epsilon;
    this.#equalisation = equalisation;
  }

  /** Moves the parameters one step down their gradient. */
  step(gradient: Float32Array, learningRate: number): void {
    this.steps++;
    const { parameters, secondMoment } = this;
    const beta2 = this.#beta2;
    const epsilon = this.#epsilon;
    const size = learningRate * this.#equalisation * Math.sqrt(1 - beta2 ** this.steps);
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i] as number;
      const v = beta2 * (secondMoment[i] as number) + (1 - beta2) * g * g;
      secondMoment[i] = v;
      parameters[i] = (parameters[i] as number) - (size * g) / (Math.sqrt(v) + epsilon);
    }
  }
}
