/** How well predictions follow values. */
export interface RegressionQuality {
  /** Share of the values' variance that the predictions explain; negative where the mean would do better. */
  readonly r2: number;
  /** Correlation (Pearson); 0 where either does not vary. */
  readonly pearson: number;
}

/** Judges predictions of continuous scores. Sums are taken around the means. */
export function regressionQuality(predictions: Float64Array, values: ArrayLike<number>): RegressionQuality {
  const n = predictions.length;
  let [meanPrediction, meanValue] = [0, 0];
  for (let i = 0; i < n; i++) {
    meanPrediction += (predictions[i] as number) / n;
    meanValue += (values[i] as number) / n;
  }
  let [residual, spread, predicted, together] = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const p = (predictions[i] as number) - meanPrediction;
    const v = (values[i] as number) - meanValue;
    residual += ((predictions[i] as number) - (values[i] as number)) ** 2;
    spread += v * v;
    predicted += p * p;
    together += p * v;
  }
  return {
    r2: spread > 0 ? 1 - residual / spread : 0,
    pearson: spread > 0 && predicted > 0 ? together / Math.sqrt(spread * predicted) : 0,
  };
}
