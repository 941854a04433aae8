import { RfmError } from "../engine/files";
import type { LayerRange, SeedRange } from "../engine/files";

/** The command was called wrongly; ends with exit code 2. */
export class UsageError extends RfmError {
  constructor(message: string, options?: ErrorOptions) {
    super("usage", message, options);
  }
}

/** Runs what interprets arguments: its complaints are about how the command was called. */
export function asUsage<Value>(interpret: () => Value): Value {
  try {
    return interpret();
  } catch (error) {
    if (error instanceof RfmError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** A number within bounds, from an option's text. */
export function numberOption(name: string, text: string, low = -Infinity, high = Infinity): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < low || value > high) {
    throw new UsageError(`${name} is "${text}"; give a number${boundsText(low, high)}.`);
  }
  return value;
}

/** A whole number within bounds, from an option's text. */
export function integerOption(
  name: string,
  text: string,
  low = 0,
  high: number = Number.MAX_SAFE_INTEGER,
): number {
  const value = Number(text);
  if (!/^\s*-?\d+\s*$/.test(text) || !Number.isSafeInteger(value) || value < low || value > high) {
    throw new UsageError(`${name} is "${text}"; give a whole number${boundsText(low, high)}.`);
  }
  return value;
}

function boundsText(low: number, high: number): string {
  const isOpen = high === Infinity || high === Number.MAX_SAFE_INTEGER;
  if (low === -Infinity && isOpen) return "";
  return isOpen ? ` of at least ${low}` : ` from ${low} to ${high}`;
}

/** A half-open range of layers, `A:B`. */
export function layersOption(text: string): LayerRange {
  const match = /^(\d+):(\d+)$/.exec(text.trim());
  const [start, end] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || end <= start) {
    throw new UsageError(`--layers is "${text}"; give a half-open range such as 0:4.`);
  }
  return [start, end];
}

/** One of some words. */
export function choiceOption<Choice extends string>(
  name: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw new UsageError(`${name} is "${text}"; give one of ${choices.join(", ")}.`);
  return found;
}

/** A half-open range of whole numbers, `A:B`. */
export function rangeOption(name: string, text: string): SeedRange {
  const match = /^(\d+):(\d+)$/.exec(text.trim());
  const [start, end] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || end <= start || !Number.isSafeInteger(end)) {
    throw new UsageError(`${name} is "${text}"; give a half-open range such as 0:100.`);
  }
  return { start, end };
}

/** `NAME=AMOUNT`, in sigma. @param example of how it is written */
export function weightedName(
  option: string,
  text: string,
  example: string,
): { name: string; amount: number } {
  const at = text.lastIndexOf("=");
  if (at <= 0)
    throw new UsageError(`${option} is "${text}"; give a direction and an amount, such as ${example}.`);
  return { name: text.slice(0, at), amount: numberOption(option, text.slice(at + 1), -1000, 1000) };
}
