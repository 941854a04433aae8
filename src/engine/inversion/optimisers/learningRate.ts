/**
 * The learning rate of step `iteration` of `iterations`: up from a fifth over the first twentieth, flat, and down to zero
 * over the second half.
 */
export function rampedLearningRate(iteration: number, iterations: number, peak: number): number {
  const warmUp = Math.max(1, Math.round(iterations / 20));
  const rise = 0.2 + (0.8 * (iteration + 1)) / warmUp;
  const fall = (2 * (iterations - iteration)) / iterations;
  return peak * Math.min(1, rise, fall);
}
