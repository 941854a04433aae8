import { describe, expect, it } from "vitest";
import { type AnyDocument, parseDocument, RfmError, serialiseDocument } from "../../../src/engine/files";
import { exampleDirection, exampleLabels, exampleLatent, exampleRecipe } from "../../support/documents";
import { Random } from "../../support/random";

const examples: AnyDocument[] = [exampleLatent(), exampleDirection(), exampleLabels(), exampleRecipe()];
const SENTENCE = /^x [^\n]+; [^\n]+\.$/;

/** Parses damaged text: it must be read, or refused with one sentence. */
function complaint(text: string, kind: AnyDocument["kind"]): string | undefined {
  try {
    parseDocument(text, kind, "x");
    return undefined;
  } catch (error) {
    if (!(error instanceof RfmError))
      throw new Error(`no RfmError for ${JSON.stringify(text)}`, { cause: error });
    expect(error.message).toMatch(SENTENCE);
    return error.message;
  }
}

describe.each(examples)("a damaged $kind", (document) => {
  const text = serialiseDocument(document);

  it("is refused wherever it is cut off", () => {
    for (let end = 0; end < text.trimEnd().length; end += 7) {
      expect(complaint(text.slice(0, end), document.kind)).toBeDefined();
    }
  });

  it("is read or refused, whatever characters are changed", () => {
    const random = new Random(7);
    const alphabet = '{}[],:"0-9.eENaI\\u0000ntf \u00e9';
    for (let round = 0; round < 600; round++) {
      const at = random.integer(0, text.length);
      const removed = random.integer(0, 4);
      const added = Array.from(
        { length: random.integer(0, 4) },
        () => alphabet[random.integer(0, alphabet.length)],
      );
      complaint(text.slice(0, at) + added.join("") + text.slice(at + removed), document.kind);
    }
  });

  it("is read or refused, whatever values are changed", () => {
    const random = new Random(8);
    const values: unknown[] = [
      null,
      true,
      -1,
      0.5,
      1e300,
      "",
      "text",
      [],
      [[]],
      [[1], [2, 3]],
      {},
      { __proto__: null },
    ];
    for (let round = 0; round < 600; round++) {
      let countdown = random.integer(0, 60);
      const changed = JSON.stringify(JSON.parse(text), (_key, value: unknown) =>
        countdown-- === 0 ? values[random.integer(0, values.length)] : value,
      );
      complaint(changed, document.kind);
    }
  });
});

it("deep nesting is no crash", () => {
  const deep = "[".repeat(20_000) + "]".repeat(20_000);
  expect(complaint(deep, "latent")).toBeDefined();
  expect(complaint(`{"kind":"recipe","version":1,"extra":${deep}}`, "recipe")).toBeDefined();
});
