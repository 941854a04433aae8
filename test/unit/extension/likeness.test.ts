import { describe, expect, it } from "vitest";
import type { TunedRecord } from "../../../src/engine/files";
import { readBackup, writeBackup } from "../../../src/extension/studio/backup";
import { LikenessState, withLikeness } from "../../../src/extension/studio/likeness";
import { isFromSliders } from "../../../src/protocol/webview";

const TUNED: TunedRecord = { path: "me.tuned.safetensors", sha256: "ab".repeat(32), amount: 1 };

describe("LikenessState", () => {
  it("makes a match and each likeness a step of undo", () => {
    let changes = 0;
    const state = new LikenessState(() => changes++);
    const matched = state.commit(TUNED);
    const halved = state.commit(withLikeness(TUNED, 0.5));
    expect(state.dirty).toBe(true);
    halved?.undo();
    expect(state.shown).toEqual(TUNED);
    matched?.undo();
    expect(state.shown).toBeUndefined();
    expect(state.dirty).toBe(false);
    matched?.redo();
    halved?.redo();
    expect(state.committed?.amount).toBe(0.5);
    expect(changes).toBe(6);
  });

  it("shows a gesture without remembering it, and nothing new as no step", () => {
    const state = new LikenessState(() => undefined);
    state.revert(TUNED);
    state.preview(withLikeness(TUNED, 0.25));
    expect([state.shown?.amount, state.committed?.amount]).toEqual([0.25, 1]);
    state.cancel();
    expect(state.shown).toEqual(TUNED);
    expect(state.commit(withLikeness(TUNED, 1))).toBeUndefined();
    // Weights of another tuning are another match, whatever the likeness.
    expect(state.commit({ ...TUNED, sha256: "cd".repeat(32) })).toBeDefined();
  });

  it("stays between 0 and 1", () => {
    expect(withLikeness(TUNED, 1.5).amount).toBe(1);
    expect(withLikeness(TUNED, -1).amount).toBe(0);
  });
});

describe("hot exit", () => {
  it("keeps the match", () => {
    const backup = { text: "{}", edits: [], tuned: TUNED };
    expect(readBackup(writeBackup(backup))).toEqual(backup);
    expect(readBackup(writeBackup({ text: "{}", edits: [] }))).toEqual({ text: "{}", edits: [] });
  });

  it("drops what is no match", () => {
    const bytes = JSON.stringify({
      kind: "latent-backup",
      version: 1,
      text: "",
      edits: [],
      tuned: { path: 3 },
    });
    expect(readBackup(new TextEncoder().encode(bytes))).toEqual({ text: "", edits: [] });
  });
});

describe("messages of the likeness slider", () => {
  it.each([
    [{ type: "liveLikeness", amount: 0.5, at: 1 }, true],
    [{ type: "commitLikeness", amount: 0, at: 1 }, true],
    [{ type: "commitLikeness", amount: 1.01, at: 1 }, false],
    [{ type: "commitLikeness", amount: -0.1, at: 1 }, false],
    [{ type: "liveLikeness", amount: NaN, at: 1 }, false],
    [{ type: "matchFace" }, true],
  ])("%o: %s", (message, known) => {
    expect(isFromSliders(message)).toBe(known);
  });
});
