/** A Python literal: what an .npy header may hold. Tuples and lists both become arrays, None null. */
export type Literal = string | number | boolean | null | readonly Literal[] | ReadonlyMap<string, Literal>;

/** Deeper nesting than any header has. */
const MAXIMUM_DEPTH = 16;

/**
 * Parses a Python literal (dict with text keys, tuple, list, text, whole number, True, False, None) as data.
 *
 * @returns undefined where the text is anything else, calls and expressions included.
 */
export function parseLiteral(text: string): Literal | undefined {
  const parser = new LiteralParser(text);
  const value = parser.value(0);
  return value !== undefined && parser.atEnd() ? value : undefined;
}

class LiteralParser {
  #at = 0;

  constructor(readonly text: string) {}

  atEnd(): boolean {
    this.#take(/\s*/y);
    return this.#at === this.text.length;
  }

  value(depth: number): Literal | undefined {
    if (depth > MAXIMUM_DEPTH) return undefined;
    if (this.#take(/\s*\{/y) !== undefined) return this.#dict(depth);
    if (this.#take(/\s*\(/y) !== undefined) return this.#list(depth, /\s*\)/y);
    if (this.#take(/\s*\[/y) !== undefined) return this.#list(depth, /\s*\]/y);
    const text = this.#string();
    if (text !== undefined) return text;
    const word = this.#take(/\s*(?:True|False|None)\b/y)?.trim();
    if (word !== undefined) return word === "None" ? null : word === "True";
    // Python 2 wrote long numbers with an L.
    const digits = this.#take(/\s*-?\d+L?(?![\w.])/y)?.trim();
    return digits === undefined ? undefined : Number(digits.replace("L", ""));
  }

  #dict(depth: number): Literal | undefined {
    const entries = new Map<string, Literal>();
    while (this.#take(/\s*\}/y) === undefined) {
      const key = this.#string();
      if (key === undefined || entries.has(key) || this.#take(/\s*:/y) === undefined) return undefined;
      const value = this.value(depth + 1);
      if (value === undefined || !this.#separated(/\s*\}/y)) return undefined;
      entries.set(key, value);
    }
    return entries;
  }

  #list(depth: number, close: RegExp): Literal | undefined {
    const values: Literal[] = [];
    while (this.#take(close) === undefined) {
      const value = this.value(depth + 1);
      if (value === undefined || !this.#separated(close)) return undefined;
      values.push(value);
    }
    return values;
  }

  #string(): string | undefined {
    return this.#take(/\s*[bu]?(?:'[^'\\\n]*'|"[^"\\\n]*")/y)
      ?.trim()
      .replace(/^[bu]?["']|["']$/g, "");
  }

  /** A comma, or the closing bracket still to come. */
  #separated(close: RegExp): boolean {
    if (this.#take(/\s*,/y) !== undefined) return true;
    close.lastIndex = this.#at;
    return close.test(this.text);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match[0];
  }
}
