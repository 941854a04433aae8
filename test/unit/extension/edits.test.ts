import { describe, expect, it } from "vitest";
import type { EditDirection } from "../../../src/engine/files";
import { withAmount, withLayers, withMuted, without, type Edits } from "../../../src/extension/studio/edits";

const direction = (name: string): EditDirection => ({
  name,
  path: `${name}.direction.json`,
  sha256: `hash of ${name}`,
  space: "w",
  sigma: 1,
  vector: [1, 0],
});
const smile = { direction: direction("smile"), layers: [0, 4] as const };
const age = { direction: direction("age"), layers: [2, 6] as const };
const amounts = (edits: Edits): unknown => edits.map((edit) => [edit.direction.name, edit.amount]);

describe("edits", () => {
  it("adds a direction with its recommended layers and moves it in place afterwards", () => {
    const first = withAmount(withAmount([], smile, 1), age, -2);
    expect(amounts(first)).toEqual([
      ["smile", 1],
      ["age", -2],
    ]);
    expect(first[1]).toMatchObject({ layers: [2, 6], clip: 0, muted: false });
    const moved = withAmount(first, smile, 2.5);
    expect(amounts(moved)).toEqual([
      ["smile", 2.5],
      ["age", -2],
    ]);
    expect(first[0]?.amount).toBe(1);
  });

  it("forgets a direction at zero, unless its layers were chosen by hand", () => {
    const one = withAmount([], smile, 1);
    expect(withAmount(one, smile, 0)).toEqual([]);
    const own = withLayers(one, smile, [1, 3]);
    expect(withAmount(own, smile, 0)).toMatchObject([{ amount: 0, layers: [1, 3] }]);
    expect(withAmount([], smile, 0)).toEqual([]);
    expect(withLayers([], smile, [0, 4])).toEqual([]);
  });

  it("keeps factors per layer for their own range only", () => {
    const factored: Edits = withAmount([], smile, 1).map((edit) => ({ ...edit, layerAmounts: [1, 2, 3, 4] }));
    expect(withAmount(factored, smile, 2)[0]?.layerAmounts).toEqual([1, 2, 3, 4]);
    expect(withLayers(factored, smile, [0, 4])[0]?.layerAmounts).toEqual([1, 2, 3, 4]);
    expect(withLayers(factored, smile, [0, 2])[0]).not.toHaveProperty("layerAmounts");
  });

  it("mutes and removes one direction and leaves the others alone", () => {
    const two = withAmount(withAmount([], smile, 1), age, 2);
    expect(withMuted(two, "hash of age", true).map(({ muted }) => muted)).toEqual([false, true]);
    expect(amounts(without(two, "hash of smile"))).toEqual([["age", 2]]);
    expect(without(two, "hash of nobody")).toEqual(two);
  });
});
