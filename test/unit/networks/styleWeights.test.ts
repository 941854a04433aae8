import { describe, expect, it } from "vitest";
import { styleWeights } from "../../../src/engine/networks";
import {
  add,
  cast,
  encodeFloat16,
  gather,
  gemm,
  GraphBuilder,
  leakyRelu,
  matmul,
  mul,
  reshape,
  slice,
  split,
  transpose,
  type Graph,
  type Value,
} from "../../../src/engine/onnx";

const [LAYERS, DIMENSION, CHANNELS] = [4, 3, 2];

/** Numbers that tell layer, channel and place. */
const numbers = (layer: number): Float32Array =>
  Float32Array.from({ length: CHANNELS * DIMENSION }, (_, i) => 10 * layer + i + 1);

/** A chain of layers that multiply by their style; `style` makes it from the row. */
function generator(
  style: (builder: GraphBuilder, w: Value, layer: number) => Value,
  activated = LAYERS,
): Graph {
  const builder = new GraphBuilder("synthesis");
  const w = builder.input("w", [1, LAYERS, DIMENSION]);
  let x = builder.constant([1, 1], [1, CHANNELS]);
  for (let layer = 0; layer < LAYERS; layer++) {
    x = mul(x, style(builder, w, layer));
    if (layer < activated) x = leakyRelu(x, 0.2);
  }
  builder.output("x", x);
  return builder.build();
}

const row = (w: Value, layer: number): Value => reshape(slice(w, 1, layer, layer + 1), [0, DIMENSION]);
const plain = (builder: GraphBuilder, w: Value, layer: number): Value =>
  gemm(row(w, layer), builder.constant(numbers(layer), [CHANNELS, DIMENSION]), { transB: true });

const wanted = Array.from({ length: LAYERS }, (_, layer) => ({
  row: layer,
  channels: CHANNELS,
  dimension: DIMENSION,
  weight: numbers(layer),
}));

describe("styleWeights", () => {
  it.each<[string, Graph]>([
    ["slices and Gemm", generator(plain)],
    [
      "a split, and a bias",
      generator((builder, w, layer) => {
        const rows = split(w, 1, [1, 1, 1, 1]);
        return gemm(
          reshape(rows[layer] ?? w, [0, DIMENSION]),
          builder.constant(numbers(layer), [CHANNELS, DIMENSION]),
          { transB: true, c: builder.constant([5, 6]) },
        );
      }),
    ],
    [
      "gathered rows and MatMul with a transposed weight",
      generator((builder, w, layer) => {
        const weight = transpose(builder.constant(numbers(layer), [CHANNELS, DIMENSION]), [1, 0]);
        return matmul(reshape(gather(w, [layer - LAYERS], 1), [0, DIMENSION]), weight);
      }),
    ],
    [
      "float16 weights that are scaled in the graph",
      generator((builder, w, layer) => {
        const halves = encodeFloat16(numbers(layer).map((value) => value / 4));
        const stored = builder.constant(halves, [CHANNELS, DIMENSION], "float16");
        return gemm(row(w, layer), mul(cast(stored, "float32"), 4), { transB: true });
      }),
    ],
    ["a last layer that nothing is activated behind", generator(plain, LAYERS - 1)],
  ])("finds them behind %s", (_name, graph) => {
    expect(styleWeights(graph)).toEqual(wanted);
  });

  it("leaves out a picture layer that shares its row with a convolution", () => {
    const graph = generator((builder, w, layer) => plain(builder, w, layer));
    const builder = new GraphBuilder("with a picture layer");
    const w = builder.input("w", [1, LAYERS, DIMENSION]);
    const picture = gemm(row(w, 1), builder.constant(numbers(9), [CHANNELS, DIMENSION]), { transB: true });
    const { x } = builder.inline(graph, { w });
    if (x === undefined) throw new Error("no picture");
    builder.output("x", add(picture, x));
    expect(styleWeights(builder.build())).toEqual(wanted);
  });

  it("says so where w makes no style", () => {
    const builder = new GraphBuilder("plain");
    const w = builder.input("w", [1, LAYERS, DIMENSION]);
    builder.output("x", mul(w, 2));
    expect(() => styleWeights(builder.build())).toThrow("No layer of this generator takes its style from w");
  });
});
