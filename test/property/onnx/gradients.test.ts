import { afterAll, describe, expect, test } from "vitest";
import * as f from "../../../src/engine/onnx";
import {
  GraphBuilder,
  gradient,
  gradientName,
  OPERATOR_NAMES,
  type Graph,
  type Value,
} from "../../../src/engine/onnx";
import { Random } from "../../support/random";
import { runGraph } from "../../support/runGraph";

/**
 * Every gradient rule against central differences: for random inputs x and a random direction v, the slope of
 * loss(x + t v) at 0 equals <gradient, v>. The loss weighs each output element by a random number, so that no
 * element's error can hide behind another's.
 */

interface Rule {
  readonly name: string;
  /** Shapes of the differentiated inputs. */
  readonly shapes: readonly (readonly number[])[];
  readonly build: (...inputs: Value[]) => Value | Value[];
  /** Input values from standard normal ones: keeps arguments in the domain and off kinks. */
  readonly domain?: (value: number, index: number) => number;
  readonly step?: number;
}

const positive = (value: number): number => 0.5 + Math.abs(value);
/** Distinct values at least 0.13 apart in any order: no step of the differences changes which is larger. */
const distinct = (_value: number, index: number): number => ((index * 37) % 101) * 0.13 - 6.6;
const offZero = (value: number): number => value + Math.sign(value) * 0.2;

const rules: readonly Rule[] = [
  {
    name: "Add broadcast",
    shapes: [
      [2, 3, 4],
      [3, 1],
    ],
    build: (a, b) => f.add(a, b),
  },
  {
    name: "Sub broadcast",
    shapes: [
      [3, 1],
      [2, 3, 4],
    ],
    build: (a, b) => f.sub(a, b),
  },
  { name: "Mul broadcast", shapes: [[2, 3, 4], [4]], build: (a, b) => f.mul(a, b) },
  { name: "Mul with itself", shapes: [[5]], build: (a) => f.mul(a, a) },
  {
    name: "Div",
    shapes: [
      [2, 3],
      [2, 1],
    ],
    build: (a, b) => f.div(a, b),
    domain: positive,
  },
  { name: "Pow constant", shapes: [[6]], build: (a) => f.pow(a, 2.5), domain: positive },
  { name: "Pow both", shapes: [[6], [6]], build: (a, b) => f.pow(a, b), domain: positive },
  { name: "Min", shapes: [[8], [8]], build: (a, b) => f.minimum(a, f.add(b, 0.06)), domain: distinct },
  { name: "Max", shapes: [[8], [8]], build: (a, b) => f.maximum(a, f.add(b, 0.06)), domain: distinct },
  { name: "Neg", shapes: [[4]], build: (a) => f.neg(a) },
  { name: "Abs", shapes: [[9]], build: (a) => f.abs(a), domain: offZero },
  { name: "Sign", shapes: [[9]], build: (a) => f.add(f.sign(a), f.mul(a, a)), domain: offZero },
  { name: "Sqrt", shapes: [[5]], build: (a) => f.sqrt(a), domain: positive },
  { name: "Exp", shapes: [[5]], build: (a) => f.exp(a) },
  { name: "Log", shapes: [[5]], build: (a) => f.log(a), domain: positive },
  { name: "Tanh", shapes: [[5]], build: (a) => f.tanh(a) },
  { name: "Sigmoid", shapes: [[5]], build: (a) => f.sigmoid(a) },
  { name: "Relu", shapes: [[9]], build: (a) => f.relu(a), domain: offZero },
  { name: "Reciprocal", shapes: [[5]], build: (a) => f.reciprocal(a), domain: positive },
  { name: "Identity", shapes: [[5]], build: (a) => f.identity(f.mul(a, 2)) },
  { name: "LeakyRelu", shapes: [[9]], build: (a) => f.leakyRelu(a, 0.2), domain: offZero },
  { name: "Clip", shapes: [[12]], build: (a) => f.clip(a, -3.03, 3.085), domain: distinct },
  {
    name: "Where",
    shapes: [[3, 4], [4]],
    build: (a, b) => f.where(f.greater(a, 0), f.mul(a, 2), b),
    domain: offZero,
  },
  { name: "Cast", shapes: [[4]], build: (a) => f.cast(f.cast(a, "float64"), "float32") },
  { name: "Reshape", shapes: [[2, 6]], build: (a) => f.reshape(a, [0, -1, 3]) },
  { name: "Flatten", shapes: [[2, 3, 4]], build: (a) => f.flatten(a, 2) },
  { name: "Squeeze", shapes: [[2, 1, 3]], build: (a) => f.squeeze(a, [1]) },
  { name: "Unsqueeze", shapes: [[2, 3]], build: (a) => f.unsqueeze(a, [0, 2]) },
  { name: "Transpose", shapes: [[2, 3, 4]], build: (a) => f.transpose(a, [2, 0, 1]) },
  {
    name: "Concat",
    shapes: [
      [2, 3],
      [2, 2],
    ],
    build: (a, b) => f.concat([a, b], 1),
  },
  { name: "Split", shapes: [[2, 5]], build: (a) => f.split(a, 1, [2, 3]) },
  { name: "Split, one piece used", shapes: [[2, 5]], build: (a) => f.split(a, 1, [2, 3]).slice(1) },
  { name: "Slice", shapes: [[4, 6]], build: (a) => f.slice(a, 1, 1, -1) },
  { name: "Slice with steps", shapes: [[3, 7]], build: (a) => f.slice(a, 1, 1, 7, 2) },
  { name: "Slice backwards", shapes: [[3, 7]], build: (a) => f.slice(a, 1, 5, 0, -2) },
  { name: "Slice flipped", shapes: [[3, 4, 2]], build: (a) => f.flip(a, [0, 1]) },
  { name: "Gather", shapes: [[4, 3]], build: (a) => f.gather(a, [2, 0, 2], 0) },
  { name: "Expand", shapes: [[3, 1]], build: (a) => f.expand(a, [2, 3, 4]) },
  { name: "Pad constant", shapes: [[2, 3]], build: (a) => f.pad(a, [0, 2, 1, 0], "constant", 0.5) },
  { name: "Pad cropping", shapes: [[4, 5]], build: (a) => f.pad(a, [-1, 0, 0, -2]) },
  {
    name: "Pad reflect",
    shapes: [[1, 1, 4, 5]],
    build: (a) => f.pad(a, [0, 0, 2, 3, 0, 0, 1, 2], "reflect"),
  },
  { name: "Pad edge", shapes: [[1, 1, 4, 5]], build: (a) => f.pad(a, [0, 0, 2, 3, 0, 0, 1, 2], "edge") },
  { name: "DepthToSpace DCR", shapes: [[2, 8, 2, 3]], build: (a) => f.depthToSpace(a, 2, "DCR") },
  { name: "DepthToSpace CRD", shapes: [[2, 8, 2, 3]], build: (a) => f.depthToSpace(a, 2, "CRD") },
  { name: "ReduceSum", shapes: [[2, 3, 4]], build: (a) => f.reduceSum(a, [0, 2], false) },
  { name: "ReduceMean", shapes: [[2, 3, 4]], build: (a) => f.reduceMean(a, [1]) },
  { name: "ReduceMax", shapes: [[3, 5]], build: (a) => f.reduceMax(a, [1]), domain: distinct },
  { name: "ReduceMax of all", shapes: [[3, 5]], build: (a) => f.reduceMax(a), domain: distinct },
  { name: "Softmax", shapes: [[3, 5]], build: (a) => f.softmax(a, 1) },
  { name: "LogSoftmax", shapes: [[3, 5]], build: (a) => f.logSoftmax(a, 0) },
  {
    name: "MatMul batched",
    shapes: [
      [2, 3, 4],
      [4, 5],
    ],
    build: (a, b) => f.matmul(a, b),
  },
  {
    name: "MatMul broadcast",
    shapes: [
      [1, 3, 4],
      [2, 4, 2],
    ],
    build: (a, b) => f.matmul(a, b),
  },
  ...[false, true].flatMap((transA) =>
    [false, true].map((transB) => ({
      name: `Gemm transA ${String(transA)} transB ${String(transB)}`,
      shapes: [transA ? [4, 3] : [3, 4], transB ? [2, 4] : [4, 2], [2]],
      build: (a: Value, b: Value, c?: Value) =>
        f.gemm(a, b, { ...(c && { c }), alpha: 0.7, beta: 1.3, transA, transB }),
    })),
  ),
  { name: "Conv same", shapes: [[2, 3, 5, 4], [4, 3, 3, 3], [4]], build: conv({ pads: [1, 1, 1, 1] }) },
  { name: "Conv 1x1", shapes: [[1, 3, 4, 4], [2, 3, 1, 1], [2]], build: conv({}) },
  { name: "Conv valid", shapes: [[1, 2, 6, 5], [3, 2, 3, 2], [3]], build: conv({}) },
  {
    name: "Conv stride 2, rows cut off",
    shapes: [[2, 2, 6, 7], [3, 2, 3, 3], [3]],
    build: conv({ strides: [2, 2], pads: [1, 1, 0, 1] }),
  },
  {
    name: "Conv dilated stride 3",
    shapes: [[1, 2, 9, 8], [2, 2, 2, 3], [2]],
    build: conv({ strides: [3, 2], dilations: [2, 1] }),
  },
  {
    name: "Conv grouped",
    shapes: [[2, 4, 5, 5], [6, 2, 3, 3], [6]],
    build: conv({ group: 2, pads: [1, 1, 1, 1] }),
  },
  {
    name: "Conv depthwise stride 2",
    shapes: [[2, 3, 6, 6], [3, 1, 3, 3], [3]],
    build: conv({ group: 3, strides: [2, 2], pads: [0, 0, 1, 1] }),
  },
  {
    name: "ConvTranspose stride 2",
    shapes: [[2, 3, 3, 4], [3, 2, 3, 3], [2]],
    build: convTranspose({ strides: [2, 2] }),
  },
  {
    name: "ConvTranspose 4x4 padded",
    shapes: [[1, 2, 3, 3], [2, 3, 4, 4], [3]],
    build: convTranspose({ strides: [2, 2], pads: [1, 1, 1, 1] }),
  },
  {
    name: "ConvTranspose output padding, grouped",
    shapes: [[2, 4, 3, 3], [4, 2, 3, 3], [4]],
    build: convTranspose({ strides: [2, 2], pads: [1, 1, 1, 1], outputPadding: [1, 1], group: 2 }),
  },
  { name: "AveragePool tiles", shapes: [[2, 2, 4, 6]], build: (a) => f.averagePool(a, { kernel: [2, 2] }) },
  {
    name: "AveragePool overlapping, padded",
    shapes: [[1, 2, 5, 6]],
    build: (a) => f.averagePool(a, { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  },
  {
    name: "AveragePool counting its padding",
    shapes: [[1, 2, 5, 6]],
    build: (a) => f.averagePool(a, { kernel: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1], includePad: true }),
  },
  {
    name: "AveragePool, rows cut off",
    shapes: [[1, 1, 6, 7]],
    build: (a) => f.averagePool(a, { kernel: [3, 3], strides: [2, 2] }),
  },
  {
    name: "MaxPool tiles",
    shapes: [[1, 2, 4, 6]],
    build: (a) => f.maxPool(a, { kernel: [2, 2] }),
    domain: distinct,
  },
  {
    name: "MaxPool overlapping",
    shapes: [[1, 2, 7, 7]],
    build: (a) => f.maxPool(a, { kernel: [3, 3], strides: [2, 2] }),
    domain: distinct,
  },
  {
    name: "MaxPool padded, ceil",
    shapes: [[1, 2, 6, 6]],
    build: (a) => f.maxPool(a, { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 0, 0], ceil: true }),
    domain: distinct,
  },
  { name: "GlobalAveragePool", shapes: [[2, 3, 4, 5]], build: (a) => f.globalAveragePool(a) },
  { name: "Resize nearest", shapes: [[1, 2, 3, 4]], build: (a) => f.resizeNearest(a, 3) },
  { name: "Resize bilinear up", shapes: [[1, 2, 3, 4]], build: (a) => f.resizeBilinear(a, [7, 9]) },
  { name: "Resize bilinear down", shapes: [[1, 2, 9, 8]], build: (a) => f.resizeBilinear(a, [4, 5]) },
  {
    name: "InstanceNormalization",
    shapes: [[2, 3, 3, 4], [3], [3]],
    build: (x, s, b) => f.instanceNormalization(x, present(s), present(b), 1e-5),
    step: 3e-3,
  },
  {
    name: "BatchNormalization",
    shapes: [[2, 3, 2, 2], [3], [3]],
    build: (x, s, b) => {
      const mean = x.owner.constant([0.1, -0.2, 0.3]);
      return f.batchNormalization(x, present(s), present(b), mean, x.owner.constant([0.5, 1, 2]), 1e-3);
    },
  },
];

function present(value: Value | undefined): Value {
  if (value === undefined) throw new Error("the rule lacks an input");
  return value;
}

function conv(options: f.ConvOptions) {
  return (x: Value, weight?: Value, bias?: Value): Value =>
    f.conv(x, present(weight), { ...options, bias: present(bias) });
}

function convTranspose(options: f.ConvTransposeOptions) {
  return (x: Value, weight?: Value, bias?: Value): Value =>
    f.convTranspose(x, present(weight), { ...options, bias: present(bias) });
}

function lossGraph(rule: Rule, random: Random): Graph {
  const builder = new GraphBuilder("rule");
  const inputs = rule.shapes.map((shape, index) => builder.input(`x${index}`, shape));
  const outputs = [rule.build(...inputs)].flat();
  const terms = outputs.map((output) => {
    const weights = random.normals(f.elementCount(output.shape));
    return f.reduceSum(f.mul(output, builder.constant(weights, output.shape)), undefined, false);
  });
  builder.output(
    "loss",
    terms.reduce((sum, term) => f.add(sum, term)),
  );
  return builder.build();
}

const used = new Set<string>();

describe("gradient rules agree with central differences", () => {
  test.each(rules)("$name", async (rule) => {
    const random = new Random(7);
    const forward = lossGraph(rule, random);
    for (const node of forward.nodes) used.add(node.operator);
    const names = [...forward.inputs.keys()];
    const both = gradient(forward, "loss", names);
    const domain = rule.domain ?? ((value: number) => value);
    let offset = 0;
    const feeds = Object.fromEntries(
      rule.shapes.map((shape, index) => {
        const values = random.normals(f.elementCount(shape)).map((value, i) => domain(value, offset + i));
        offset += values.length;
        return [`x${index}`, values];
      }),
    );
    const results = await runGraph(both, feeds);
    const step = rule.step ?? 1e-2;
    for (const name of names) {
      const values = feeds[name] ?? new Float32Array();
      const analytic = results[gradientName("loss", name)] ?? new Float32Array();
      expect(analytic).toHaveLength(values.length);
      for (let trial = 0; trial < 3; trial++) {
        const direction = random.normals(values.length);
        const at = async (t: number): Promise<number> => {
          const moved = values.map((value, i) => value + t * Math.max(-3, Math.min(3, direction[i] ?? 0)));
          return (await runGraph(forward, { ...feeds, [name]: moved }))["loss"]?.[0] ?? NaN;
        };
        const measured = ((await at(step)) - (await at(-step))) / (2 * step);
        const size = Math.sqrt(values.length);
        const predicted = analytic.reduce(
          (sum, value, i) => sum + value * Math.max(-3, Math.min(3, direction[i] ?? 0)),
          0,
        );
        expect(Math.abs(measured - predicted)).toBeLessThan(2e-3 * (1 + Math.abs(predicted) + size));
      }
    }
  });
});

afterAll(() => {
  const flat = ["Greater", "Less", "Equal", "DequantizeLinear"];
  const unproven = OPERATOR_NAMES.filter((name) => !used.has(name) && !flat.includes(name));
  expect(unproven, "operators without a finite-difference proof").toEqual([]);
});
