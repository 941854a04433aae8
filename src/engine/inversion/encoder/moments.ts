import { GraphBuilder, matmul, transpose } from "../../onnx";
import type { Runtime, Session } from "../../runtime";

/** Rows that one product takes. */
const ROWS = 256;

/** Sums over the samples from which a regression is solved; features in standard units of the first samples. */
export interface Moments {
  readonly count: number;
  /** [F]: what a feature's standard units count from, and what they are divided by. */
  readonly shift: Float64Array;
  readonly factor: Float64Array;
  /** Means of features in standard units [F] and of codes [D]. */
  readonly featureMean: Float64Array;
  readonly codeMean: Float64Array;
  /** Covariances: of features [F,F], of features with codes [F,D]; row-major. */
  readonly features: Float32Array;
  readonly cross: Float32Array;
}

/** What {@link MomentSums} needs to go on. */
export interface SavedMoments {
  /** Samples that wait for their product. */
  readonly waiting: number;
  /** Samples in the sums. */
  readonly count: number;
  readonly arrays: ReadonlyMap<string, Float32Array>;
  readonly doubles: ReadonlyMap<string, Float64Array>;
}

/**
 * Gathers moments of samples that come in small batches and are not kept. Products of 256 rows are float32, by the
 * runtime; their sums are float64.
 */
export class MomentSums {
  readonly #gram: Float64Array;
  readonly #cross: Float64Array;
  readonly #featureSum: Float64Array;
  readonly #codeSum: Float64Array;
  readonly #features: Float32Array;
  readonly #codes: Float32Array;
  #waiting = 0;
  #count = 0;
  #shift: Float64Array | undefined;
  #factor: Float64Array = new Float64Array(0);
  #session: Promise<Session> | undefined;

  constructor(
    private readonly runtime: Runtime,
    readonly width: number,
    readonly codeWidth: number,
  ) {
    this.#gram = new Float64Array(width * width);
    this.#cross = new Float64Array(width * codeWidth);
    this.#featureSum = new Float64Array(width);
    this.#codeSum = new Float64Array(codeWidth);
    this.#features = new Float32Array(ROWS * width);
    this.#codes = new Float32Array(ROWS * codeWidth);
  }

  /** @param features [n, F], @param codes [n, D] */
  async add(features: Float32Array, codes: Float32Array): Promise<void> {
    const { width, codeWidth } = this;
    for (let row = 0; row * width < features.length; row++) {
      this.#features.set(features.subarray(row * width, (row + 1) * width), this.#waiting * width);
      this.#codes.set(codes.subarray(row * codeWidth, (row + 1) * codeWidth), this.#waiting * codeWidth);
      this.#waiting++;
      if (this.#waiting === ROWS) await this.#take();
    }
  }

  /** Everything as it is now. The arrays are the sums' own: they change with the next samples. */
  save(): SavedMoments {
    const shift = this.#shift;
    return {
      waiting: this.#waiting,
      count: this.#count,
      arrays: new Map([
        ["features", this.#features],
        ["codes", this.#codes],
      ]),
      doubles: new Map([
        ["gram", this.#gram],
        ["cross", this.#cross],
        ["feature sum", this.#featureSum],
        ["code sum", this.#codeSum],
        ...(shift === undefined
          ? []
          : ([
              ["shift", shift],
              ["factor", this.#factor],
            ] as const)),
      ]),
    };
  }

  /** Goes on from what was saved. @returns whether it was of samples of this size; if not, nothing has changed. */
  load({ waiting, count, arrays, doubles }: SavedMoments): boolean {
    const own = this.save();
    const [shift, factor] = [doubles.get("shift"), doubles.get("factor")];
    const isScaled = shift?.length === this.width && factor?.length === this.width;
    const fits = (from: ReadonlyMap<string, { length: number }>, to: typeof from): boolean =>
      [...to].every(([name, { length }]) => from.get(name)?.length === length);
    if (!(waiting >= 0 && waiting < ROWS && count % ROWS === 0) || isScaled !== count > 0) return false;
    if (!fits(arrays, own.arrays) || !fits(doubles, own.doubles)) return false;
    for (const [name, array] of own.arrays) array.set(arrays.get(name) ?? []);
    for (const [name, array] of own.doubles) array.set(doubles.get(name) ?? []);
    if (isScaled) [this.#shift, this.#factor] = [shift, factor];
    this.#waiting = waiting;
    this.#count = count;
    return true;
  }

  /** Frees what multiplies. */
  async dispose(): Promise<void> {
    await (await this.#session?.catch(() => undefined))?.release();
    this.#session = undefined;
  }

  /** The moments of all samples; the sums are spent. */
  async finish(): Promise<Moments> {
    await this.#take();
    const { width, codeWidth } = this;
    const count = this.#count;
    const featureMean = this.#featureSum.map((sum) => sum / count);
    const codeMean = this.#codeSum.map((sum) => sum / count);
    return {
      count,
      shift: this.#shift ?? new Float64Array(width),
      factor: this.#factor,
      featureMean,
      codeMean,
      features: centred(this.#gram, featureMean, featureMean, width, count),
      cross: centred(this.#cross, featureMean, codeMean, codeWidth, count),
    };
  }

  async #take(): Promise<void> {
    const n = this.#waiting;
    if (n === 0) return;
    this.#standardise(n);
    const { width, codeWidth } = this;
    this.#features.fill(0, n * width);
    this.#codes.fill(0, n * codeWidth);
    addRows(this.#features, width, this.#featureSum);
    addRows(this.#codes, codeWidth, this.#codeSum);
    this.#session ??= this.runtime.compile(productsGraph(width, codeWidth), { name: "moments" });
    const { gram, cross } = await (await this.#session).run({ features: this.#features, codes: this.#codes });
    if (gram !== undefined && cross !== undefined) {
      for (let at = 0; at < gram.length; at++)
        this.#gram[at] = (this.#gram[at] as number) + (gram[at] as number);
      for (let at = 0; at < cross.length; at++)
        this.#cross[at] = (this.#cross[at] as number) + (cross[at] as number);
    }
    this.#count += n;
    this.#waiting = 0;
  }

  /** In units of the first samples: nearly those of all, and float32 products stay away from offsets. */
  #standardise(n: number): void {
    const { width } = this;
    const rows = this.#features;
    if (this.#shift === undefined) {
      const scaling = unitsOf(rows, n, width);
      this.#shift = scaling.shift;
      this.#factor = scaling.factor;
    }
    for (let at = 0; at < n * width; at++) {
      const j = at % width;
      rows[at] = ((rows[at] as number) - (this.#shift[j] as number)) * (this.#factor[j] as number);
    }
  }
}

/** Mean and one over the deviation of every column. A column that hardly varies among the rest may vary later on. */
function unitsOf(
  rows: Float32Array,
  n: number,
  width: number,
): { readonly shift: Float64Array; readonly factor: Float64Array } {
  const shift = new Float64Array(width);
  for (let at = 0; at < n * width; at++)
    shift[at % width] = (shift[at % width] as number) + (rows[at] as number) / n;
  const variance = new Float64Array(width);
  for (let at = 0; at < n * width; at++) {
    const away = (rows[at] as number) - (shift[at % width] as number);
    variance[at % width] = (variance[at % width] as number) + (away * away) / n;
  }
  const usual = variance.reduce((sum, value) => sum + value, 0) / width;
  const least = Math.max(1e-3 * Math.sqrt(usual), 1e-12);
  return { shift, factor: variance.map((value) => 1 / Math.max(Math.sqrt(value), least)) };
}

function addRows(rows: Float32Array, width: number, sums: Float64Array): void {
  for (let at = 0; at < rows.length; at++)
    sums[at % width] = (sums[at % width] as number) + (rows[at] as number);
}

/** Mean products less the products of the means. */
function centred(
  sums: Float64Array,
  rowMean: Float64Array,
  columnMean: Float64Array,
  columns: number,
  count: number,
): Float32Array {
  const result = new Float32Array(sums.length);
  for (let at = 0; at < sums.length; at++) {
    const mean = (rowMean[Math.floor(at / columns)] as number) * (columnMean[at % columns] as number);
    result[at] = (sums[at] as number) / count - mean;
  }
  return result;
}

function productsGraph(width: number, codeWidth: number): ReturnType<GraphBuilder["build"]> {
  const builder = new GraphBuilder("moments");
  const features = builder.input("features", [ROWS, width]);
  const codes = builder.input("codes", [ROWS, codeWidth]);
  const turned = transpose(features, [1, 0]);
  builder.output("gram", matmul(turned, features));
  builder.output("cross", matmul(turned, codes));
  return builder.build();
}
