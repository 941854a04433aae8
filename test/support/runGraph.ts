import * as ort from "onnxruntime-node";
import { writeModel, type Graph } from "../../src/engine/onnx";

/** Runs a graph on ONNX Runtime's CPU provider, straight: a reference for the rooms below `runtime`. */
export async function runGraph(
  graph: Graph,
  feeds: Readonly<Record<string, Float32Array | Uint8Array | BigInt64Array>>,
): Promise<Record<string, Float32Array>> {
  const session = await ort.InferenceSession.create(writeModel(graph), { executionProviders: ["cpu"] });
  const tensors = Object.fromEntries(
    [...graph.inputs].map(([name, { type, shape }]) => {
      const data = feeds[name];
      if (data === undefined) throw new Error(`the test feeds no ${name}`);
      return [name, new ort.Tensor(type as "float32", data as Float32Array, [...shape])];
    }),
  );
  const results = await session.run(tensors);
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => [name, Float32Array.from(tensor.data as Float32Array)]),
  );
}
