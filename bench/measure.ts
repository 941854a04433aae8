/** One line of docs/BENCHMARKS.md. */
export interface Measure {
  readonly what: string;
  readonly value: string;
  /** What the value is held against, measured in the same run; or a fixed goal. */
  readonly against: string;
  readonly holds: boolean | undefined;
}

/** A group of measures under one heading. */
export interface Benchmark {
  readonly title: string;
  /** What was done, in a sentence or two. */
  readonly about: string;
  readonly run: (root: string) => Promise<readonly Measure[]>;
}
