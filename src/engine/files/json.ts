import { RfmError } from "./errors";

/** Any value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Whether a parsed value is an object (neither null nor a list). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Documents nest some six levels; the bound keeps hostile files from exhausting the stack. */
const DEEPEST = 50;

function nestsDeeperThan(value: Json, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const item of Object.values(value)) {
    if (item !== undefined && nestsDeeperThan(item, levels - 1)) return true;
  }
  return false;
}

/**
 * Parses UTF-8 JSON.
 *
 * @throws RfmError ("document"): one sentence with the name, what is wrong and where.
 */
export function parseJson(source: Uint8Array | string, name: string): Json {
  const text = typeof source === "string" ? source : decodeUtf8(source, name);
  if (text.trim() === "") {
    throw new RfmError("document", `${name} is empty; restore it from a copy or make it again.`);
  }
  const value = parseText(text, name);
  if (nestsDeeperThan(value, DEEPEST)) {
    throw new RfmError("document", `${name} nests too deeply for a document; name a file written by RFM.`);
  }
  return value;
}

function parseText(text: string, name: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new RfmError(
      "document",
      `${name} is no valid JSON (${explain(text, message)}); correct it, or restore it from a copy.`,
      { cause: error },
    );
  }
}

function decodeUtf8(bytes: Uint8Array, name: string): string {
  try {
    // TextDecoder drops a byte order mark, which JSON.parse would not take.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new RfmError("document", `${name} is no UTF-8 text; name a document written by RFM.`, {
      cause: error,
    });
  }
}

/** Says in a few words what is wrong with the text, from the engine's own message. */
function explain(text: string, message: string): string {
  if (/end of JSON|Unterminated string/i.test(message)) return "it ends in the middle";
  const found = /position (\d+)/.exec(message)?.[1];
  const token = found === undefined ? positionOfToken(text, message) : Number(found);
  if (token !== undefined && token >= text.trimEnd().length) return "it ends in the middle";
  // The engine points behind the sign of -Infinity.
  const position = token !== undefined && text[token - 1] === "-" ? token - 1 : token;
  if (position === undefined) return "its syntax is wrong";
  const before = text.slice(0, position);
  const line = before.split("\n").length;
  const column = position - before.lastIndexOf("\n");
  const word = /^-?(NaN|Infinity)/.exec(text.slice(position))?.[0];
  const what = word === undefined ? "its syntax is wrong" : `${word} is no number`;
  return `${what} at line ${line}, column ${column}`;
}

/** Newer engines quote the offending token and its surroundings instead of a position. */
function positionOfToken(text: string, message: string): number | undefined {
  const literal = /[[,:\s](-?(?:NaN|Infinity))\b/.exec(text);
  if (/token '?[NI-]/.test(message) && literal?.[1] !== undefined) {
    return literal.index + literal[0].length - literal[1].length;
  }
  return undefined;
}
