import type { PickleStack } from "./stack";
import type { PickleValue } from "./value";

/** Whole numbers as numbers wherever that is exact. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A line of digits; `00` and `01` are protocol 0's False and True. */
export function wholeNumber(stack: PickleStack, line: string): PickleValue {
  if (line === "00" || line === "01") return line === "01";
  if (!/^[+-]?\d{1,150}L?$/.test(line)) throw stack.broken("holds a number that is none");
  return narrow(BigInt(line.replace(/^\+|L$/g, "")));
}

/** A line of a number with a point. */
export function decimal(stack: PickleStack, line: string): number {
  const value = Number(
    line.replace(/^([+-]?)(inf|nan)$/, (_, sign: string, word: string) =>
      word === "inf" ? `${sign}Infinity` : "NaN",
    ),
  );
  if (Number.isNaN(value) && !/nan/i.test(line)) throw stack.broken("holds a number that is none");
  return value;
}

/** A quoted text of protocol 0, with Python's escapes. */
export function quoted(stack: PickleStack, line: string): string {
  const inner = /^(?:'(.*)'|"(.*)")$/s.exec(line);
  if (inner === null) throw stack.broken("holds a text without quotes");
  return unescape(inner[1] ?? inner[2] ?? "", /\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|(.))/gs);
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
};

function unescape(text: string, pattern: RegExp): string {
  return text.replace(pattern, (_, hex?: string, octal?: string, other?: string) => {
    if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff);
    return ESCAPES[other ?? ""] ?? other ?? "";
  });
}

/** A text of protocol 0 with its `\\u` escapes undone. */
export function rawUnicode(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, short?: string, long?: string) => {
    const code = parseInt(short ?? long ?? "", 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
