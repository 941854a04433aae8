import type { InferenceSession, Tensor } from "onnxruntime-node";
import { RfmError, throwIfCancelled } from "../files";
import { elementCount, formatShape, type ElementType, type TensorType } from "../onnx";
import { freeLargeArrays } from "./garbage";
import { firstLine, type Library } from "./library";
import type { FeedData, Feeds, ProviderName, Session } from "./types";

/** What a session knows besides the native one it drives. */
export interface SessionDescription {
  readonly name: string;
  readonly provider: ProviderName;
  readonly inputs: ReadonlyMap<string, TensorType>;
  readonly outputs: ReadonlyMap<string, TensorType>;
}

/** A {@link Session} over ONNX Runtime: queued runs, checked feeds, outputs allocated once. */
export class NativeSession implements Session {
  readonly #library: Library;
  readonly #native: InferenceSession;
  readonly #description: SessionDescription;
  readonly #results: Readonly<Record<string, Float32Array>>;
  readonly #fetches: Readonly<Record<string, Tensor>>;
  readonly #onRelease: (session: Session) => void;
  #queue: Promise<unknown> = Promise.resolve();
  #hasRun = false;
  #released: Promise<void> | undefined;

  constructor(
    library: Library,
    native: InferenceSession,
    description: SessionDescription,
    onRelease: (session: Session) => void,
  ) {
    this.#library = library;
    this.#native = native;
    this.#description = description;
    this.#onRelease = onRelease;
    const outputs = [...description.outputs];
    this.#results = Object.fromEntries(
      outputs.map(([name, { shape }]) => [name, new Float32Array(elementCount(shape))]),
    );
    this.#fetches = Object.fromEntries(
      outputs.map(([name, { shape }]) => [name, this.#tensor("float32", this.#results[name], shape)]),
    );
  }

  get inputs(): ReadonlyMap<string, TensorType> {
    return this.#description.inputs;
  }

  get outputs(): ReadonlyMap<string, TensorType> {
    return this.#description.outputs;
  }

  run(feeds: Feeds, signal?: AbortSignal): Promise<Readonly<Record<string, Float32Array>>> {
    return this.#enqueue(async () => {
      throwIfCancelled(signal);
      const tensors = this.#prepare(feeds);
      // ONNX Runtime computes inside a setImmediate of its own; this turn lets waiting messages in before it.
      await nextTurn();
      throwIfCancelled(signal);
      // Who compiled the graph has let go of it by now.
      if (!this.#hasRun) freeLargeArrays();
      this.#hasRun = true;
      try {
        await this.#native.run(tensors, this.#fetches);
      } catch (cause) {
        throw this.#failure(cause);
      }
      return this.#results;
    });
  }

  release(): Promise<void> {
    // The native session rejects a run that it is disposed under, so the queue is emptied first.
    this.#released ??= this.#queue.then(async () => {
      this.#onRelease(this);
      await this.#native.release();
    });
    return this.#released;
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    if (this.#released !== undefined) {
      const { name } = this.#description;
      return Promise.reject(
        new RfmError("graph", `The session of ${name} is released; compile the graph again.`),
      );
    }
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  #prepare(feeds: Feeds): Record<string, Tensor> {
    const { name: graph } = this.#description;
    for (const name of Object.keys(feeds)) {
      if (!this.inputs.has(name)) {
        throw new RfmError(
          "graph",
          `${graph} has no input ${name}; it takes ${[...this.inputs.keys()].join(", ")}.`,
        );
      }
    }
    return Object.fromEntries(
      [...this.inputs].map(([name, type]) => {
        const data = feeds[name];
        if (data === undefined || !fits(data, type)) {
          throw new RfmError(
            "graph",
            `The input ${name} of ${graph} wants ${type.type}${formatShape(type.shape)} but gets ${
              data === undefined ? "nothing" : `${data.constructor.name} of ${data.length}`
            }; feed an array that fits.`,
          );
        }
        return [name, this.#tensor(type.type, this.#unshared(data), type.shape)];
      }),
    );
  }

  /** A result of the last run fed back in would be overwritten while it is read. */
  #unshared(data: FeedData): FeedData {
    const shared = Object.values(this.#results).some(({ buffer }) => buffer === data.buffer);
    return shared ? data.slice() : data;
  }

  #tensor(type: ElementType, data: FeedData | undefined, shape: readonly number[]): Tensor {
    // The constructor's overloads pair each element type with its array; `fits` has checked the pair.
    return new this.#library.Tensor(type as "float32", data as Float32Array, shape);
  }

  #failure(cause: unknown): RfmError {
    const { name, provider } = this.#description;
    const advice = provider === "cpu" ? "check the model and free some memory" : "try the provider cpu";
    return new RfmError(
      provider === "cpu" ? "graph" : "provider",
      `${name} failed while running on ${provider} (${firstLine(cause)}); ${advice}.`,
      { cause },
    );
  }
}

const ARRAY_OF: Readonly<Record<ElementType, abstract new (...args: never[]) => FeedData>> = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  uint8: Uint8Array,
  bool: Uint8Array,
  int8: Int8Array,
  int32: Int32Array,
  int64: BigInt64Array,
};

function fits(data: FeedData, { type, shape }: TensorType): boolean {
  return data instanceof ARRAY_OF[type] && data.length === elementCount(shape);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
