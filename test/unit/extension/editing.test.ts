import { beforeEach, describe, expect, it, vi } from "vitest";
import { FaceEditing, type Editable } from "../../../src/extension/studio/editing";

vi.mock("vscode", async () => await import("../../support/vscodeMock"));

const direction = { name: "smile", path: "smile.direction.json", sha256: "a", vector: [[1]], sigma: 1 };
const smile = { direction, layers: [0, 4], name: "Smile", group: "", hint: "" } as const;
const tuned = { path: "x.tuned.safetensors", sha256: "b", amount: 1 };

let editable: Editable | undefined;
let editing: FaceEditing;
let changes: (number | undefined)[];
let previews: number[];
let steps: { readonly label: string; readonly undo: () => void; readonly redo: () => void }[];
const amount = (): number | undefined => editing.edits[0]?.amount;

beforeEach(() => {
  editable = { directions: [smile as unknown as Editable["directions"][number]], layers: 10 };
  editing = new FaceEditing(() => editable);
  [changes, previews, steps] = [[], [], []];
  editing.onDidChange((since) => changes.push(since));
  editing.onDidPreview((since) => previews.push(since));
  editing.onDidEdit((step) => steps.push(step));
});

describe("what a person sets on a face", () => {
  it("is only looked at while a slider moves, and one step of undo when it is let go", () => {
    editing.preview("a", 1, 100);
    editing.preview("a", 2, 101);
    expect([previews, changes, steps.length, amount()]).toEqual([[100, 101], [], 0, 2]);
    expect(editing.committed.edits).toEqual([]);

    editing.setAmount("a", 2, 102);
    expect([changes, steps.map(({ label }) => label), amount()]).toEqual([[102], ["smile: 2.00"], 2]);
    steps[0]?.undo();
    // The movement is told once: undo was none.
    expect([changes, amount()]).toEqual([[102, undefined], undefined]);
    steps[0]?.redo();
    expect(amount()).toBe(2);
  });

  it("is as before where the gesture is given up", () => {
    editing.setAmount("a", 1);
    editing.preview("a", 3, 1);
    editing.cancelPreview();
    expect([amount(), steps.length]).toEqual([1, 1]);
  });

  it("does not change while the document is not open, nor on directions and layers that are not there", () => {
    editing.setAmount("unknown", 1);
    editing.setLayers("a", [0, 11]);
    editable = undefined;
    editing.setAmount("a", 1);
    editing.resetAll();
    editing.setTuned("Match", tuned);
    expect([changes, steps, editing.look]).toEqual([[], [], { edits: [], tuned: undefined }]);
  });

  it("keeps layers, muting and removal apart as steps of their own", () => {
    editing.setAmount("a", 1);
    editing.setLayers("a", [2, 10]);
    editing.setMuted("a", true);
    expect(editing.edits[0]).toMatchObject({ layers: [2, 10], muted: true, amount: 1 });
    editing.remove("a");
    expect(steps.map(({ label }) => label)).toEqual([
      "smile: 1.00",
      "Layers of smile: 2–10",
      "Mute smile",
      "Remove smile",
    ]);
    expect(editing.edits).toEqual([]);
  });

  it("has a likeness once the face was matched", () => {
    editing.setLikeness(0.5);
    editing.previewLikeness(0.5, 1);
    expect([steps, previews]).toEqual([[], []]);
    editing.setTuned("Match", tuned);
    editing.setLikeness(0.5);
    expect([editing.tuned?.amount, steps.map(({ label }) => label)]).toEqual([
      0.5,
      ["Match", "Likeness: 0.50"],
    ]);
  });

  it("is dirty until it is saved as it is, and what hot exit kept is dirty though it is no step", () => {
    editing.setAmount("a", 1);
    expect(editing.dirty).toBe(true);
    editing.markSaved(editing.committed);
    expect(editing.dirty).toBe(false);
    const kept = editing.committed;
    editing.revert({ edits: [] });
    expect([editing.dirty, amount()]).toEqual([false, undefined]);
    editing.restore(kept);
    expect([editing.dirty, amount(), steps.length]).toEqual([true, 1, 1]);
  });
});
