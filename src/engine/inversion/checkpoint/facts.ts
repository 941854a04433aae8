import type { LossCourse } from "../course/course";
import type { LossParts } from "../method";

/** Whether a fact of a checkpoint, which may be anything, is a whole number from 0. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Whether a fact of a checkpoint is parts of a loss. */
export function isLossParts(value: unknown): value is LossParts {
  return isTable(value) && Object.values(value).every((part) => typeof part === "number");
}

/** Whether a fact of a checkpoint is the course of a loss: columns of one length. */
export function isCourse(value: unknown): value is LossCourse {
  if (!isTable(value) || !isCounts(value["iterations"]) || !isTable(value["losses"])) return false;
  const { length } = value["iterations"];
  return Object.values(value["losses"]).every((column) => isNumbers(column) && column.length === length);
}

/** Whether a fact of a checkpoint is a list of sentences. */
export function isSentences(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => typeof each === "number");
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
