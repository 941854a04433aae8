import { readAll, readSafetensors, toFloat32 } from "../../src/engine/checkpoints";
import {
  gradient,
  GraphBuilder,
  readModel,
  reduceMean,
  square,
  writeModel,
  add,
  type Graph,
} from "../../src/engine/onnx";

/** The tensors of a fixture by name. */
export async function fixtureNumbers(path: string): Promise<(name: string) => Float32Array> {
  const tensors = await readAll(await readSafetensors(path));
  return (name) => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new Error(`the fixture has no ${name}`);
    return toFloat32(tensor);
  };
}

/** The graph as an ONNX file would give it back at this batch size. */
export function atBatch(graph: Graph, batch: number): Graph {
  return readModel(writeModel(graph, { batch: "N" }), { N: batch });
}

/** Largest difference relative to the largest number expected; NaN where the lengths differ. */
export function difference(actual: Float32Array | undefined, expected: Float32Array): number {
  if (actual?.length !== expected.length) return NaN;
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return (
    expected.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (actual[i] ?? NaN))), 0) / scale
  );
}

/** The sum of mean(y^2) over all outputs, and its derivative with respect to these inputs or weights. */
export function meanSquares(graph: Graph, withRespectTo: readonly string[]): Graph {
  const builder = GraphBuilder.from({ ...graph, outputs: [] });
  const squares = graph.outputs.map((name) => reduceMean(square(builder.value(name))));
  const [first, ...rest] = squares;
  if (first === undefined) throw new Error("the graph has no output");
  builder.output("loss", rest.reduce(add, first));
  return gradient(builder.build(), "loss", withRespectTo);
}
