import { describe, expect, it, vi } from "vitest";
import type { EditDirection } from "../../../src/engine/files";
import { EditState } from "../../../src/extension/studio/editState";
import { withAmount, type Edits } from "../../../src/extension/studio/edits";

const direction: EditDirection = { name: "smile", path: "s", sha256: "s", space: "w", vector: [1] };
const at = (amount: number): Edits => withAmount([], { direction, layers: [0, 4] }, amount);
const begin = (edits: Edits = []) => {
  const onChange = vi.fn();
  return { state: new EditState(edits, onChange), onChange };
};

describe("EditState", () => {
  it("shows a gesture without remembering it, and makes one step of it at its end", () => {
    const { state, onChange } = begin();
    for (const amount of [0.5, 1, 1.5]) state.preview(at(amount));
    expect(state.shown).toEqual(at(1.5));
    expect(state.committed).toEqual([]);
    expect(onChange).not.toHaveBeenCalled();
    const step = state.commit(at(2));
    expect(state.shown).toEqual(at(2));
    step?.undo();
    expect(state.shown).toEqual([]);
    step?.redo();
    expect(state.shown).toEqual(at(2));
    expect(onChange).toHaveBeenCalledTimes(3);
  });

  it("goes back to the committed edits when a gesture is given up", () => {
    const { state, onChange } = begin(at(1));
    state.preview(at(3));
    state.cancel();
    expect(state.shown).toEqual(at(1));
    expect(onChange).toHaveBeenCalledTimes(1);
    state.cancel();
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it("makes no step where a gesture ends where it began, but draws again", () => {
    const { state, onChange } = begin(at(1));
    state.preview(at(3));
    expect(state.commit(at(1))).toBeUndefined();
    expect(state.shown).toEqual(at(1));
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it("undoes exactly through a mix of steps, in any depth", () => {
    const { state } = begin();
    const steps = [1, 2, -3].map((amount) => state.commit(at(amount)));
    for (const step of [...steps].reverse()) step?.undo();
    expect(state.committed).toEqual([]);
    for (const step of steps) step?.redo();
    expect(state.committed).toEqual(at(-3));
  });

  it("is dirty only while the edits differ from the disk's", () => {
    const { state } = begin(at(1));
    expect(state.dirty).toBe(false);
    const step = state.commit(at(2));
    expect(state.dirty).toBe(true);
    step?.undo();
    expect(state.dirty).toBe(false);
    step?.redo();
    state.markSaved(state.committed);
    expect(state.dirty).toBe(false);
    state.revert(at(5));
    expect(state.shown).toEqual(at(5));
    expect(state.dirty).toBe(false);
  });

  it("takes over edits from the disk, and its steps still lead back", () => {
    const { state } = begin(at(1));
    const step = state.commit(at(2));
    state.revert(at(5));
    step?.undo();
    expect(state.committed).toEqual(at(1));
    expect(state.dirty).toBe(true);
  });
});
