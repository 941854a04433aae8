import { PickleTuple, type PickleValue } from "./value";

/** The members of a tuple or list; none where it is neither. */
export function itemsOf(value: PickleValue | undefined): readonly PickleValue[] {
  if (value instanceof PickleTuple) return value.items;
  return Array.isArray(value) ? value : [];
}

/** A text, or undefined. */
export function textOf(value: PickleValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A tuple or list of whole numbers (a shape, strides); undefined where it is anything else. */
export function wholeNumbersOf(value: PickleValue | undefined): number[] | undefined {
  if (!(value instanceof PickleTuple) && !Array.isArray(value)) return undefined;
  const numbers: number[] = [];
  for (const item of itemsOf(value)) {
    if (typeof item !== "number" || !Number.isSafeInteger(item)) return undefined;
    numbers.push(item);
  }
  return numbers;
}
