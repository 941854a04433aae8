import { describe, expect, it } from "vitest";
import { readBackup, writeBackup } from "../../../src/extension/studio/backup";

describe("backup", () => {
  it("comes back as it went", () => {
    const backup = { text: '{"kind":"latent"}\n', edits: [] };
    expect(readBackup(writeBackup(backup))).toEqual(backup);
  });

  it("is nothing where the bytes are something else", () => {
    const texts = ["", "{", "[]", "{}", '{"kind":"latent-backup","version":2,"text":"","edits":[]}'];
    for (const text of texts) expect(readBackup(new TextEncoder().encode(text))).toBeUndefined();
  });
});
