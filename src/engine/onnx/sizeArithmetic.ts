import { numberAttribute } from "./attributes";
import type { GraphNode, Tensor, TensorType } from "./graph";
import { elementCount } from "./shapes";

/** Lists of sizes are as long as a shape. */
const LONGEST = 64;
/** What a constant of a computed shape may have. */
const MOST_ELEMENTS = 1 << 24;

/** Whole numbers as exporters compute sizes: a scalar, or a list. */
interface Sizes {
  readonly values: readonly number[];
  readonly isScalar: boolean;
}

type Rule = (inputs: readonly Sizes[], node: GraphNode) => Sizes | undefined;

const pairwise =
  (compute: (a: number, b: number) => number): Rule =>
  ([a, b]) => {
    if (a === undefined || b === undefined) return undefined;
    const length = Math.max(a.values.length, b.values.length);
    if ([a, b].some(({ values }) => values.length !== length && values.length !== 1)) return undefined;
    const at = ({ values }: Sizes, i: number): number => values[values.length === 1 ? 0 : i] ?? 0;
    return {
      values: Array.from({ length }, (_, i) => compute(at(a, i), at(b, i))),
      isScalar: a.isScalar && b.isScalar,
    };
  };

const list = (values: readonly number[]): Sizes => ({ values, isScalar: false });

/** What exporters do with sizes until an operator takes them. */
const RULES: Readonly<Record<string, Rule>> = {
  Add: pairwise((a, b) => a + b),
  Sub: pairwise((a, b) => a - b),
  Mul: pairwise((a, b) => a * b),
  // Whole numbers are divided towards zero.
  Div: pairwise((a, b) => Math.trunc(a / b)),
  Equal: pairwise((a, b) => Number(a === b)),
  Identity: ([a]) => a,
  Cast: ([a]) => a,
  Unsqueeze: ([a]) => (a?.isScalar === true ? list(a.values) : undefined),
  Squeeze: ([a]) => (a?.values.length === 1 ? { values: a.values, isScalar: true } : undefined),
  Reshape: ([a, shape]) => a && shape && { values: a.values, isScalar: shape.values.length === 0 },
  Concat: (inputs) => list(inputs.flatMap(({ values }) => values)),
  Gather: ([from, at]) =>
    from && at && { values: at.values.map((i) => from.values.at(i) ?? 0), isScalar: at.isScalar },
  Slice: ([from, start, end, , step]) =>
    from && start && end && (step?.values[0] ?? 1) === 1
      ? list(from.values.slice(start.values[0], end.values[0]))
      : undefined,
  Where: ([condition, a, b]) =>
    condition &&
    a &&
    b &&
    list(
      condition.values.map(
        (yes, i) => (yes === 0 ? b : a).values[(yes === 0 ? b : a).values.length === 1 ? 0 : i] ?? 0,
      ),
    ),
};

/**
 * The value of a node that only computes sizes, which are known once every shape is: `Shape`, what exporters do with its
 * numbers, and constants of such a shape. Undefined for every other node.
 *
 * @param typeOf types of values so far.
 * @param constantOf values that are known already.
 */
export function computedSizes(
  node: GraphNode,
  typeOf: (name: string) => TensorType | undefined,
  constantOf: (name: string) => Tensor | undefined,
): Tensor | undefined {
  const { operator, inputs } = node;
  if (operator === "Shape") {
    const shape = typeOf(inputs[0] ?? "")?.shape;
    if (shape === undefined) return undefined;
    const [start, end] = [numberAttribute(node, "start", 0), numberAttribute(node, "end", shape.length)];
    return tensorOf(list(shape.slice(start, end)), "int64");
  }
  const rule = Object.hasOwn(RULES, operator) ? RULES[operator] : undefined;
  if (rule === undefined && operator !== "ConstantOfShape") return undefined;
  const sizes: Sizes[] = [];
  for (const name of inputs) {
    const known = name === "" ? list([]) : sizesOf(constantOf(name));
    if (known === undefined) return undefined;
    sizes.push(known);
  }
  if (operator === "ConstantOfShape") return constantOfShape(node, sizes[0]?.values ?? []);
  const result = rule?.(sizes, node);
  if (result === undefined || !result.values.every(Number.isSafeInteger)) return undefined;
  return tensorOf(result, operator === "Equal" ? "bool" : "int64");
}

function sizesOf(tensor: Tensor | undefined): Sizes | undefined {
  if (tensor === undefined || tensor.shape.length > 1 || tensor.data.length > LONGEST) return undefined;
  if (tensor.type !== "int64" && tensor.type !== "int32" && tensor.type !== "bool") return undefined;
  return {
    values: Array.from(tensor.data as ArrayLike<number | bigint>, Number),
    isScalar: tensor.shape.length === 0,
  };
}

function tensorOf({ values, isScalar }: Sizes, type: "int64" | "bool"): Tensor {
  const shape = isScalar ? [] : [values.length];
  return type === "bool"
    ? { type, shape, data: Uint8Array.from(values) }
    : { type, shape, data: BigInt64Array.from(values, BigInt) };
}

/** One number everywhere: float32 0 where the node names none. */
function constantOfShape({ attributes }: GraphNode, shape: readonly number[]): Tensor | undefined {
  const count = elementCount(shape);
  if (!(count >= 0 && count <= MOST_ELEMENTS)) return undefined;
  const value = attributes["value"];
  if (value === undefined) return { type: "float32", shape, data: new Float32Array(count) };
  if (typeof value !== "object" || !("data" in value)) return undefined;
  const [number = 0] = value.data;
  if (value.type === "float32")
    return { type: "float32", shape, data: new Float32Array(count).fill(Number(number)) };
  if (value.type === "int64")
    return { type: "int64", shape, data: new BigInt64Array(count).fill(BigInt(number)) };
  return undefined;
}
