import type { Attribute, ElementType, Tensor } from "./graph";

/** What an operator function needs of the builder that owns a value; implemented by GraphBuilder. */
export interface ValueOwner {
  /** Adds a node and returns its outputs, shapes inferred. Omitted optional inputs are `undefined`. */
  apply(
    operator: string,
    inputs: readonly (Value | undefined)[],
    attributes?: Readonly<Record<string, Attribute>>,
    outputs?: number,
  ): Value[];
  /** Adds a constant; equal small constants are shared. */
  constant(data: ConstantData, shape?: readonly number[], type?: ElementType): Value;
  /** The tensor behind a value, where the value is a constant. */
  constantOf(value: Value): Tensor | undefined;
}

/** Numbers that can become a constant: a plain number is a float32 scalar, a number array float32. */
export type ConstantData = number | readonly number[] | Tensor["data"];

/** A symbolic tensor inside a GraphBuilder. */
export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly owner: ValueOwner;
}

/** A value, or a number that becomes a scalar constant beside it. */
export type Operand = Value | number;
