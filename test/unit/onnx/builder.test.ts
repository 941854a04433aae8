import { describe, expect, test } from "vitest";
import * as f from "../../../src/engine/onnx";
import { GraphBuilder, gradient, gradientName } from "../../../src/engine/onnx";
import { runGraph } from "../../support/runGraph";

describe("GraphBuilder", () => {
  test("a misfit is reported where it is made, with the shapes", () => {
    const builder = new GraphBuilder("g");
    const a = builder.input("a", [2, 3]);
    const b = builder.input("b", [4, 5]);
    expect(() => f.add(a, b)).toThrow(/\[2,3\].*\[4,5\]/);
    expect(() => f.matmul(a, b)).toThrow(/inner sizes/);
  });

  test("names are unique", () => {
    const builder = new GraphBuilder("g");
    builder.input("a", [1]);
    expect(() => builder.input("a", [1])).toThrow(/already/);
  });

  test("what no output needs is left out", () => {
    const builder = new GraphBuilder("g");
    const a = builder.input("a", [2]);
    f.exp(f.mul(a, builder.constant([5, 6])));
    builder.output("y", f.add(a, 1));
    const graph = builder.build();
    expect(graph.nodes.map((node) => node.operator)).toEqual(["Add"]);
    expect(graph.initializers.size).toBe(1);
  });

  test("an input, a constant and one value twice can be outputs", async () => {
    const builder = new GraphBuilder("g");
    const a = builder.input("a", [2]);
    const twice = f.mul(a, 2);
    builder.output("same", a);
    builder.output("first", twice);
    builder.output("second", twice);
    builder.output("constant", builder.constant([7, 8]));
    const results = await runGraph(builder.build(), { a: Float32Array.of(1, 2) });
    expect(results).toEqual({
      same: Float32Array.of(1, 2),
      first: Float32Array.of(2, 4),
      second: Float32Array.of(2, 4),
      constant: Float32Array.of(7, 8),
    });
  });

  test("a graph spliced in twice keeps its two lives apart", async () => {
    const inner = new GraphBuilder("inner");
    inner.output("y", f.mul(inner.input("x", [2]), inner.constant([3, 4])));
    const graph = inner.build();
    const outer = new GraphBuilder("outer");
    const a = outer.input("a", [2]);
    const once = outer.inline(graph, { x: a })["y"];
    if (once === undefined) throw new Error("inner has an output y");
    const twice = outer.inline(graph, { x: once })["y"];
    if (twice === undefined) throw new Error("inner has an output y");
    outer.output("y", twice);
    expect((await runGraph(outer.build(), { a: Float32Array.of(1, 1) }))["y"]).toEqual(
      Float32Array.of(9, 16),
    );
    expect(() => outer.inline(graph, { x: outer.input("b", [3]) })).toThrow(/wants float32\[2\]/);
  });
});

describe("gradient", () => {
  test("a constant becomes an input and gets its derivative", async () => {
    const builder = new GraphBuilder("g");
    const x = builder.input("x", [2]);
    const weight = builder.initializer("weight", {
      type: "float32",
      shape: [2],
      data: Float32Array.of(1, 1),
    });
    builder.output("loss", f.reduceSum(f.mul(f.square(weight), x), undefined, false));
    const graph = gradient(builder.build(), "loss", ["weight"]);
    expect([...graph.inputs.keys()]).toEqual(["x", "weight"]);
    const results = await runGraph(graph, { x: Float32Array.of(5, 6), weight: Float32Array.of(2, 3) });
    expect(results[gradientName("loss", "weight")]).toEqual(Float32Array.of(20, 36));
    expect(results["loss"]).toEqual(Float32Array.of(74));
  });

  test("an input that the loss does not depend on has gradient zero", async () => {
    const builder = new GraphBuilder("g");
    const x = builder.input("x", [2]);
    builder.input("unused", [3]);
    builder.output("loss", f.reduceSum(x, undefined, false));
    const graph = gradient(builder.build(), "loss", ["unused"]);
    const results = await runGraph(graph, { x: Float32Array.of(1, 2), unused: Float32Array.of(1, 2, 3) });
    expect(results[gradientName("loss", "unused")]).toEqual(new Float32Array(3));
  });

  test("only one number can be differentiated", () => {
    const builder = new GraphBuilder("g");
    builder.output("loss", f.exp(builder.input("x", [2])));
    expect(() => gradient(builder.build(), "loss", ["x"])).toThrow(/only one float32 number/);
    expect(() => gradient(builder.build(), "nowhere", ["x"])).toThrow(/no value nowhere/);
  });

  test("an operator without a derivative on the way is named", () => {
    const builder = new GraphBuilder("g");
    const scale = builder.input("scale", []);
    const bytes = builder.constant(Uint8Array.of(1, 2), [2]);
    const [value] = builder.apply("DequantizeLinear", [bytes, scale]);
    if (value === undefined) throw new Error("DequantizeLinear has an output");
    builder.output("loss", f.reduceSum(value, undefined, false));
    expect(() => gradient(builder.build(), "loss", ["scale"])).toThrow(/DequantizeLinear has no derivative/);
  });
});
