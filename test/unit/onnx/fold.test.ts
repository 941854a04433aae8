import { describe, expect, test } from "vitest";
import * as f from "../../../src/engine/onnx";
import { foldConstants, GraphBuilder, type Value } from "../../../src/engine/onnx";
import { Random } from "../../support/random";
import { runGraph } from "../../support/runGraph";

/** Constant expressions that builders and gradient rules make; ONNX Runtime is the judge. */
const expressions: Record<string, (a: Value, b: Value) => Value> = {
  transpose: (a) => f.transpose(a, [2, 0, 1]),
  flip: (a) => f.flip(a, [1, 2]),
  "slice with a step": (a) => f.slice(a, 2, 3, 0, -2),
  reshape: (a) => f.reshape(a, [4, 6]),
  concat: (a, b) => f.concat([a, b], 1),
  gather: (a) => f.gather(a, [1, 0, -1], 1),
  expand: (a, b) => f.add(f.expand(f.slice(a, 0, 0, 1), [2, 3, 4]), b),
  broadcasting: (a, b) => f.div(f.mul(f.sub(a, f.slice(b, 1, 0, 1)), f.add(b, 3)), 2),
  "unary functions": (a) => f.sqrt(f.abs(f.neg(f.reciprocal(f.exp(a))))),
  power: (a) => f.pow(f.abs(a), 3),
  sums: (a) => f.add(f.reduceSum(a, [0, 2]), f.reduceMean(a, [1])),
  casts: (a) => f.cast(f.cast(a, "float16"), "float32"),
  unsqueeze: (a) => f.squeeze(f.unsqueeze(a, [0, 2]), [0]),
};

describe("foldConstants computes what ONNX Runtime computes", () => {
  test.each(Object.entries(expressions))("%s", async (_name, expression) => {
    const random = new Random(3);
    const builder = new GraphBuilder("constants");
    const a = builder.constant(random.normals(24), [2, 3, 4]);
    const b = builder.constant(random.normals(24), [2, 3, 4]);
    const x = builder.input("x", []);
    builder.output("y", f.add(expression(a, b), x));
    const graph = builder.build();
    const folded = foldConstants(graph);
    expect(folded.nodes.map((node) => node.operator)).toEqual(["Add"]);
    const expected = (await runGraph(graph, { x: Float32Array.of(0) }))["y"] ?? [];
    const actual = (await runGraph(folded, { x: Float32Array.of(0) }))["y"] ?? [];
    expect(actual).toHaveLength(expected.length);
    actual.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? NaN, 5);
    });
  });

  test("uint8 weights become float32", () => {
    const builder = new GraphBuilder("quantised");
    const bytes = builder.constant(Uint8Array.of(0, 128, 255), [3]);
    builder.output("y", f.add(f.dequantizeLinear(bytes, 0.5, 128), builder.input("x", [3])));
    const folded = foldConstants(builder.build());
    expect([...folded.initializers.values()].map((tensor) => tensor.data)).toEqual([
      Float32Array.of(-64, 0, 63.5),
    ]);
  });

  test("a broadcast does not bloat the model", () => {
    const builder = new GraphBuilder("large");
    const row = builder.constant(new Float32Array(4096).fill(1), [1, 4096]);
    builder.output("y", f.mul(f.expand(row, [512, 4096]), builder.input("x", [])));
    expect(foldConstants(builder.build()).nodes.map((node) => node.operator)).toEqual(["Expand", "Mul"]);
  });
});

describe("float16", () => {
  test("every bit pattern survives decoding and encoding", () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const finite = bits.filter((value) => (value & 0x7c00) !== 0x7c00 || (value & 0x3ff) === 0);
    expect(f.encodeFloat16(f.decodeFloat16(finite))).toEqual(finite);
  });

  test("rounding is to nearest even, overflow to infinity", () => {
    const values = Float32Array.of(
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
      65519,
      65520,
      -1e9,
      2 ** -25,
      2 ** -24 * 1.5,
      NaN,
    );
    expect([...f.decodeFloat16(f.encodeFloat16(values))]).toEqual([
      1,
      1 + 2 ** -9,
      65504,
      Infinity,
      -Infinity,
      0,
      2 ** -23,
      NaN,
    ]);
  });
});
