import type { Graph, TensorType } from "../onnx";

/** An execution provider of ONNX Runtime. */
export type ProviderName = "cpu" | "webgpu" | "cuda" | "dml" | "coreml";

/** A provider by name, or `auto`: the first of {@link AUTO_ORDER} that works, agrees with the CPU and is faster. */
export type ProviderChoice = ProviderName | "auto";

/** The order in which `auto` tries the providers. */
export const AUTO_ORDER: readonly ProviderName[] = ["cuda", "dml", "coreml", "webgpu", "cpu"];

/** What came of trying one provider; `reason` is one sentence for people. */
export interface Attempt {
  readonly provider: ProviderName;
  readonly ok: boolean;
  readonly reason: string;
}

/** Options of `openRuntime`. */
export interface RuntimeOptions {
  /** Threads that share one operator's work; by default one per physical core that this process may use. */
  readonly threads?: number;
  /** Whether CPU sessions keep freed memory for their next run (default true: faster, more resident memory). */
  readonly arena?: boolean;
}

/** Options of {@link Runtime.compile}. */
export interface CompileOptions {
  /** Name for error messages; default: the graph's own. */
  readonly name?: string;
  /** Sizes of named axes, where the model is given as bytes: `{N: 4}`. */
  readonly symbols?: Readonly<Record<string, number>>;
  /** Overrides {@link RuntimeOptions.arena} for this session. */
  readonly arena?: boolean;
  /** Whether products' weights are kept a second time, in the order that is fastest. Default true. */
  readonly prepack?: boolean;
}

/** Input arrays: Uint16Array holds float16 bit patterns, Uint8Array also bool. */
export type FeedData =
  Float32Array | Float64Array | Uint16Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

/** Inputs of a run by name, row-major. */
export type Feeds = Readonly<Record<string, FeedData>>;

/** A place where graphs run: one execution provider, never a silent mixture. */
export interface Runtime {
  readonly provider: ProviderName;
  /** What was tried to get here, in order. */
  readonly attempts: readonly Attempt[];
  /** Threads per session. */
  readonly threads: number;
  /**
   * Prepares a graph, or the bytes of an ONNX file, for running. Outputs must be float32.
   *
   * @throws RfmError("graph") where the model is broken or an axis has no size.
   */
  compile(model: Graph | Uint8Array, options?: CompileOptions): Promise<Session>;
  /** Releases every session that is still open. */
  dispose(): Promise<void>;
}

/** A graph ready to run. */
export interface Session {
  readonly inputs: ReadonlyMap<string, TensorType>;
  readonly outputs: ReadonlyMap<string, TensorType>;
  /**
   * Runs once. Calls queue up and the event loop turns between them, so that messages and aborts get through;
   * a run that has begun is not interrupted.
   *
   * @returns the outputs by name: **views of buffers that the session's next run overwrites**; copy what must
   * last longer.
   * @throws CancelledError where the signal is aborted before the run begins.
   * @throws RfmError("graph") where a feed is missing, unknown or of another type or length.
   */
  run(feeds: Feeds, signal?: AbortSignal): Promise<Readonly<Record<string, Float32Array>>>;
  /** Waits for the runs that are queued, then frees the session. May be called more than once. */
  release(): Promise<void>;
}
