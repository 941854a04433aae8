import { EXPRESSIONS, type Expression } from "../networks";

/** What the face nets say of a face. */
export interface FaceDescription {
  /** Years. */
  readonly age: number;
  /** Probability that the face is a man's. */
  readonly male: number;
  /** Probabilities; they sum to 1. */
  readonly expressions: Readonly<Record<Expression, number>>;
}

/**
 * @param age in years
 * @param gender logits of male and female
 * @param expressions seven logits in the order of EXPRESSIONS
 */
export function describeOutputs(
  age: number,
  gender: ArrayLike<number>,
  expressions: ArrayLike<number>,
): FaceDescription {
  const largest = Math.max(...Array.from(expressions));
  const powers = EXPRESSIONS.map((_, index) => Math.exp((expressions[index] ?? NaN) - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  const probabilities = EXPRESSIONS.map((name, index) => [name, (powers[index] ?? NaN) / sum] as const);
  return {
    age,
    male: 1 / (1 + Math.exp((gender[1] ?? NaN) - (gender[0] ?? NaN))),
    expressions: Object.fromEntries(probabilities) as Record<Expression, number>,
  };
}

/** log(p / (1 - p)) of each class of a softmax over these logits, without losing digits where p is near 0 or 1. */
export function logOdds(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits);
  return values.map((value, index) => {
    const others = values.filter((_, other) => other !== index);
    const largest = Math.max(...others);
    return value - largest - Math.log(others.reduce((sum, other) => sum + Math.exp(other - largest), 0));
  });
}
