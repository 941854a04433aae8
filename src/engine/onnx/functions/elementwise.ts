import { RfmError } from "../../files";
import type { Attribute, ElementType } from "../graph";
import type { Operand, Value } from "../value";

/** The one value that an operator with a single output gives. */
export function single(values: readonly Value[]): Value {
  const [value] = values;
  if (value === undefined) throw new RfmError("graph", "An operator gave no output; check the graph.");
  return value;
}

function unary(operator: string, attributes?: Readonly<Record<string, Attribute>>) {
  return (x: Value): Value => single(x.owner.apply(operator, [x], attributes));
}

function binary(operator: string) {
  return (a: Operand, b: Operand): Value => {
    const [left, right] = promoteOperands(a, b);
    return single(left.owner.apply(operator, [left, right]));
  };
}

/** Numbers become scalars of the other operand's type; two numbers have no graph to live in. */
function promoteOperands(a: Operand, b: Operand): [Value, Value] {
  if (typeof a !== "number") return [a, typeof b === "number" ? a.owner.constant(b, [], a.type) : b];
  if (typeof b !== "number") return [b.owner.constant(a, [], b.type), b];
  throw new RfmError("graph", "An operator needs at least one graph value; two plain numbers have no graph.");
}

export const add = binary("Add");
export const sub = binary("Sub");
export const mul = binary("Mul");
export const div = binary("Div");
export const greater = binary("Greater");
export const less = binary("Less");
export const equal = binary("Equal");
export const minimum = binary("Min");
export const maximum = binary("Max");
/** `base ** exponent`, elementwise. */
export const pow = binary("Pow");

export const neg = unary("Neg");
export const abs = unary("Abs");
export const sign = unary("Sign");
export const sqrt = unary("Sqrt");
export const exp = unary("Exp");
export const log = unary("Log");
export const tanh = unary("Tanh");
export const sigmoid = unary("Sigmoid");
export const relu = unary("Relu");
export const reciprocal = unary("Reciprocal");
export const identity = unary("Identity");

/** x where x > 0, alpha*x elsewhere. */
export function leakyRelu(x: Value, alpha: number): Value {
  return unary("LeakyRelu", { alpha })(x);
}

/** x limited to [low, high]. */
export function clip(x: Value, low: number, high: number): Value {
  return single(
    x.owner.apply("Clip", [x, x.owner.constant(low, [], x.type), x.owner.constant(high, [], x.type)]),
  );
}

/** x*x. */
export function square(x: Value): Value {
  return mul(x, x);
}

/** 1/sqrt(x): as one power it is one node, and its derivative three instead of five. */
export function rsqrt(x: Value): Value {
  return pow(x, -0.5);
}

/** `a` where the condition holds, `b` elsewhere; broadcasts. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  const [left, right] = promoteOperands(a, b);
  return single(condition.owner.apply("Where", [condition, left, right]));
}

/** The same numbers in another element type. */
export function cast(x: Value, type: ElementType): Value {
  return single(x.owner.apply("Cast", [x], { to: type }));
}

/** (x - zeroPoint) * scale, for uint8 weights with one scale a tensor. */
export function dequantizeLinear(x: Value, scale: number, zeroPoint: number): Value {
  return single(
    x.owner.apply("DequantizeLinear", [x, x.owner.constant(scale), x.owner.constant(zeroPoint, [], x.type)]),
  );
}
