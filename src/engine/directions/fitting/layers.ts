import type { BoundaryPenalty } from "./target";

/** Layers of codes that are all the same w, up to a scale and an offset: layer l is scales[l] * w + offset_l. */
export interface LayerMap {
  /** w: row-major [n, d / L]. */
  readonly rows: Float32Array;
  readonly d: number;
  readonly scales: readonly number[];
}

/** Entries may differ from scale * w + offset by this share of the layer's size: what float32 leaves of exact numbers. */
const ROUNDING = 2e-6;

/**
 * Finds out whether the layers of w+ codes are one w each, as seeded codes are, truncated or not: their rank is then that
 * of w, and boundaries can be fitted there. Every number is checked.
 *
 * @param rows row-major [n, layers * size]
 * @returns undefined where it is not so
 */
export function mapLayers(rows: Float32Array, d: number, layers: number): LayerMap | undefined {
  const n = rows.length / d;
  const size = d / layers;
  if (layers < 2 || !Number.isInteger(size)) return undefined;
  const means = columnMeans(rows, n, d);
  let spread = 0;
  const shared = new Float64Array(layers);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < size; j++) {
      const first = (rows[i * d + j] as number) - (means[j] as number);
      spread += first * first;
      for (let layer = 0; layer < layers; layer++) {
        const at = layer * size + j;
        shared[layer] =
          (shared[layer] as number) + first * ((rows[i * d + at] as number) - (means[at] as number));
      }
    }
  }
  if (!(spread > 0)) return undefined;
  const scales = Array.from(shared, (sum) => sum / spread);
  let largest = 0;
  for (const value of rows) largest = Math.max(largest, Math.abs(value));
  const allowed = ROUNDING * largest;
  for (let i = 0; i < n; i++) {
    for (let at = size; at < d; at++) {
      const j = at % size;
      const scale = scales[(at - j) / size] as number;
      const expected = scale * ((rows[i * d + j] as number) - (means[j] as number)) + (means[at] as number);
      if (!(Math.abs((rows[i * d + at] as number) - expected) <= allowed)) return undefined;
    }
  }
  const first = new Float32Array(n * size);
  for (let i = 0; i < n; i++) first.set(rows.subarray(i * d, i * d + size), i * size);
  return { rows: first, d: size, scales };
}

function columnMeans(rows: Float32Array, n: number, d: number): Float64Array {
  const means = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) means[j] = (means[j] as number) + (rows[i * d + j] as number);
  }
  return means.map((sum) => sum / n);
}

/**
 * How a fit in w stands for one in w+. Coefficients v_l of the layers act as u = sum_l s_l v_l on w, so that the cheapest
 * v for a given u is wanted:
 * - ||v||^2 is least at v_l = s_l u / sum s^2, and is ||u||^2 / sum s^2: the penalty is divided by sum s^2.
 * - ||v||_1 is least where only layers of the largest |s| carry u, and is ||u||_1 / max |s|. Where several share the
 *   largest scale every split costs the same; they share equally.
 * Dividing the penalty by k is multiplying C by k and the objective's scale by 1 / k.
 */
export class LayerSpread {
  /** What the penalty in w is divided by. */
  readonly cheaper: number;
  readonly #shares: readonly number[];

  constructor(scales: readonly number[], penalty: BoundaryPenalty) {
    if (penalty === "l1") {
      const largest = Math.max(...scales.map(Math.abs));
      const carriers = scales.filter((scale) => Math.abs(scale) >= largest * (1 - 1e-6)).length;
      this.cheaper = largest;
      this.#shares = scales.map((scale) =>
        Math.abs(scale) >= largest * (1 - 1e-6) ? 1 / (carriers * scale) : 0,
      );
    } else {
      const squares = scales.reduce((sum, scale) => sum + scale * scale, 0);
      this.cheaper = squares;
      this.#shares = scales.map((scale) => scale / squares);
    }
  }

  /** Coefficients of all layers [L * size] for coefficients of w [size]. */
  spread(weights: Float64Array): Float64Array {
    const all = new Float64Array(this.#shares.length * weights.length);
    this.#shares.forEach((share, layer) => {
      all.set(
        weights.map((w) => share * w),
        layer * weights.length,
      );
    });
    return all;
  }

  /** The way back: what coefficients of all layers do to w. */
  gather(all: Float64Array, scales: readonly number[]): Float64Array {
    const size = all.length / scales.length;
    return Float64Array.from({ length: size }, (_, j) =>
      scales.reduce((sum, scale, layer) => sum + scale * (all[layer * size + j] as number), 0),
    );
  }
}

/**
 * What the offsets of the layers add to every score: sum_l v_l . (mean_l - s_l mean_1). It goes into the intercept.
 */
export function offsetOf(
  rows: Float32Array,
  d: number,
  scales: readonly number[],
  all: Float64Array,
): number {
  const size = d / scales.length;
  const means = columnMeans(rows, rows.length / d, d);
  let sum = 0;
  for (let at = 0; at < d; at++) {
    const j = at % size;
    const scale = scales[(at - j) / size] as number;
    sum += (all[at] as number) * ((means[at] as number) - scale * (means[j] as number));
  }
  return sum;
}
