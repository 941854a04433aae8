import { describe, expect, test } from "vitest";
import { RfmError } from "../../../src/engine/files";
import * as f from "../../../src/engine/onnx";
import { GraphBuilder, readModel, writeModel, type Graph } from "../../../src/engine/onnx";
import { Random } from "../../support/random";
import { runGraph } from "../../support/runGraph";

function sampleGraph(): Graph {
  const random = new Random(1);
  const builder = new GraphBuilder("sample");
  const x = builder.input("x", [1, 3, 4, 4]);
  const weight = builder.initializer("kernel", {
    type: "float32",
    shape: [2, 3, 3, 3],
    data: random.normals(54),
  });
  const half = builder.initializer("half", {
    type: "float16",
    shape: [2],
    data: f.encodeFloat16(Float32Array.of(0.5, -2)),
  });
  const y = f.leakyRelu(f.conv(x, weight, { bias: f.cast(half, "float32"), pads: [1, 1, 1, 1] }), 0.25);
  builder.output("y", f.reshape(y, [0, -1]));
  return builder.build();
}

describe("ONNX files", () => {
  test("a graph reads back as it was written", () => {
    const graph = sampleGraph();
    const again = readModel(writeModel(graph));
    expect([...again.inputs]).toEqual([...graph.inputs]);
    expect(again.outputs).toEqual(graph.outputs);
    expect(again.nodes).toEqual(graph.nodes);
    expect(again.initializers).toEqual(graph.initializers);
    expect(again.types).toEqual(graph.types);
  });

  test("a symbolic batch is bound on reading, and every shape follows", async () => {
    const bytes = writeModel(sampleGraph(), { batch: "N" });
    const three = readModel(bytes, { N: 3 });
    expect(three.types.get("y")?.shape).toEqual([3, 32]);
    const x = new Random(2).normals(3 * 48);
    const together = (await runGraph(three, { x }))["y"];
    const single = (await runGraph(readModel(bytes), { x: x.slice(48, 96) }))["y"];
    expect(together?.slice(32, 64)).toEqual(single);
  });

  test.each([
    ["nothing", new Uint8Array()],
    ["text", Buffer.from("version https://git-lfs.github.com/spec/v1\n")],
    ["a truncated model", writeModel(sampleGraph()).slice(0, 200)],
  ])("%s is refused with a sentence", (_what, bytes) => {
    expect(() => readModel(bytes)).toThrow(RfmError);
  });

  test("every truncation is an RfmError or a smaller valid graph, never another crash", () => {
    const bytes = writeModel(sampleGraph());
    for (let length = 0; length < bytes.length; length += 3) {
      try {
        readModel(bytes.subarray(0, length));
      } catch (error) {
        expect(error, `at ${length} bytes`).toBeInstanceOf(RfmError);
      }
    }
  });

  test("an operator that is not supported is named", () => {
    const graph = sampleGraph();
    const nodes = graph.nodes.map((node) =>
      node.operator === "Conv" ? { ...node, operator: "Bogus" } : node,
    );
    expect(() => readModel(writeModel({ ...graph, nodes }))).toThrow(/Bogus/);
  });

  test("names of Object.prototype are not operators", () => {
    const graph = sampleGraph();
    const nodes = graph.nodes.map((node) =>
      node.operator === "Conv" ? { ...node, operator: "constructor" } : node,
    );
    expect(() => readModel(writeModel({ ...graph, nodes }))).toThrow(/constructor/);
  });
});
