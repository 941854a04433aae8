import type { InferenceSession } from "onnxruntime-node";
import { RfmError } from "../files";
import { writeModel, type ElementType, type Graph, type TensorType } from "../onnx";
import { firstLine, type Library } from "./library";
import { NativeSession } from "./session";
import type { CompileOptions, ProviderName, Session } from "./types";

/** Where and how a session is made. */
export interface Target {
  readonly provider: ProviderName;
  readonly threads: number;
  readonly arena: boolean;
}

/**
 * Bytes of the largest constant that ONNX Runtime computes in advance: a kernel of 512 x 512 x 4 x 4. Noise pictures times
 * their strengths would become larger ones, hundreds of megabytes in a generator of 1024 pixels.
 */
const LARGEST_FOLDED = 1 << 24;

/** Makes a session on exactly one provider. @throws RfmError("graph") where the model cannot be prepared. */
export async function compile(
  library: Library,
  target: Target,
  model: Graph | Uint8Array,
  options: CompileOptions,
  onRelease: (session: Session) => void,
): Promise<Session> {
  const name = options.name ?? (model instanceof Uint8Array ? "the model" : model.name);
  const bytes = model instanceof Uint8Array ? model : writeModel(model);
  const native = await create(library, target, bytes, options, name);
  try {
    const inputs = typesOf(native.inputMetadata, options, name);
    const outputs = typesOf(native.outputMetadata, options, name);
    for (const [output, { type }] of outputs) {
      if (type !== "float32") {
        throw new RfmError(
          "graph",
          `The output ${output} of ${name} is ${type}; cast it to float32 in the graph.`,
        );
      }
    }
    return new NativeSession(
      library,
      native,
      { name, provider: target.provider, inputs, outputs },
      onRelease,
    );
  } catch (error) {
    await native.release();
    throw error;
  }
}

async function create(
  library: Library,
  { provider, threads, arena }: Target,
  bytes: Uint8Array,
  options: CompileOptions,
  name: string,
): Promise<InferenceSession> {
  const settings: InferenceSession.SessionOptions = {
    // One provider and no list: where a list's first entry is missing, ONNX Runtime silently takes the next.
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableCpuMemArena: options.arena ?? arena,
    // A pattern would set aside one more block for all values of a run, beside what the arena of the first run holds.
    enableMemPattern: false,
    logSeverityLevel: 4,
    extra: {
      // Weights stored as bytes are dequantised once, here, instead of in every run.
      session: { disable_quant_qdq: "1", disable_prepacking: options.prepack === false ? "1" : "0" },
      optimization: { constant_folding_max_output_size_in_bytes: String(LARGEST_FOLDED) },
    },
    ...(options.symbols && { freeDimensionOverrides: options.symbols }),
  };
  try {
    return await library.InferenceSession.create(bytes, settings);
  } catch (cause) {
    throw new RfmError(
      "graph",
      `${name} cannot be prepared for ${provider} (${firstLine(cause)}); check the model or try another provider.`,
      { cause },
    );
  }
}

function typesOf(
  metadata: readonly InferenceSession.ValueMetadata[],
  options: CompileOptions,
  graph: string,
): Map<string, TensorType> {
  return new Map(
    metadata.map((value) => {
      if (!value.isTensor || !isElementType(value.type)) {
        throw new RfmError(
          "graph",
          `${value.name} of ${graph} is no tensor of a supported element type; export the model again.`,
        );
      }
      const shape = value.shape.map((size) => {
        const known = typeof size === "number" ? size : options.symbols?.[size];
        if (known !== undefined) return known;
        throw new RfmError(
          "graph",
          `The axis "${size}" of ${value.name} in ${graph} has no size; name one when compiling it.`,
        );
      });
      return [value.name, { type: value.type, shape }];
    }),
  );
}

const ELEMENT_TYPES: Readonly<Record<ElementType, true>> = {
  float32: true,
  float64: true,
  float16: true,
  uint8: true,
  bool: true,
  int8: true,
  int32: true,
  int64: true,
};

function isElementType(type: string): type is ElementType {
  return Object.hasOwn(ELEMENT_TYPES, type);
}
