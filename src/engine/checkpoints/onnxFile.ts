import { RfmError } from "../files";
import { describeModel, readInitializers } from "../onnx";
import type { ByteSource } from "./byteSource";
import type { Checkpoint, TensorEntry } from "./checkpoint";
import { unreadable } from "./tensor";

/** Protocol buffers are no larger. */
const MOST = 2 ** 31 - 1;

/** The weights of an ONNX model as a checkpoint; what its operators do is the networks' affair. */
export async function onnxCheckpoint(source: ByteSource): Promise<Checkpoint> {
  if (source.size > MOST)
    throw unreadable(source.name, "is too large for an ONNX model", "export it with its weights inside");
  let weights;
  const bytes = await source.read(0, source.size);
  try {
    weights = readInitializers(bytes);
  } catch {
    refuseOutsideWeights(bytes, source.name);
    throw unreadable(
      source.name,
      "is no checkpoint or array of a known kind",
      "name a .pt, .pth, .pkl, .npy, .npz, .safetensors or .onnx file",
    );
  }
  const tensors = [...weights].map(([name, { type, shape, data }]): [string, TensorEntry] => [
    name,
    { dtype: type, shape, read: () => Promise.resolve({ dtype: type, shape, data }) },
  ]);
  return { name: source.name, metadata: new Map(), tensors: new Map(tensors) };
}

/** Weights in other files are no broken ones: the sentence says so. @throws RfmError("checkpoint") */
function refuseOutsideWeights(bytes: Uint8Array, name: string): void {
  try {
    describeModel(bytes, name);
  } catch (error) {
    if (error instanceof RfmError && error.message.includes("another file"))
      throw new RfmError("checkpoint", error.message, { cause: error });
  }
}
