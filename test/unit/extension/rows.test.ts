import { describe, expect, it } from "vitest";
import type { LayerRange } from "../../../src/engine/files";
import { sliderGroups, type SliderDirection } from "../../../src/extension/sliders/rows";
import { withAmount, withMuted, type Edits } from "../../../src/extension/studio/edits";

const make = (name: string, group: string): SliderDirection => ({
  direction: { name, path: name, sha256: `hash of ${name}`, space: "w", vector: [1] },
  layers: [0, 4],
  name,
  group,
  hint: `AUC of ${name}`,
});
const [smile, yaw, anger] = [make("smile", "Expression"), make("yaw", "Pose"), make("anger", "Expression")];
const names = {
  carried: "From this document",
  carriedHint: "no file",
  silent: (layers: LayerRange, elsewhere: LayerRange) => ({
    message: `zero on ${layers.join("-")}`,
    action: `use ${elsewhere.join("-")}`,
  }),
};

describe("sliderGroups", () => {
  it("groups directions in order, with the amounts and layers of the document", () => {
    const edits: Edits = withMuted(withAmount([], { ...yaw, layers: [1, 3] }, -1.5), "hash of yaw", true);
    expect(sliderGroups([smile, yaw, anger], edits, names)).toEqual([
      {
        name: "Expression",
        rows: [
          {
            id: "hash of smile",
            name: "smile",
            amount: 0,
            layers: [0, 4],
            muted: false,
            hint: "AUC of smile",
          },
          {
            id: "hash of anger",
            name: "anger",
            amount: 0,
            layers: [0, 4],
            muted: false,
            hint: "AUC of anger",
          },
        ],
      },
      {
        name: "Pose",
        rows: [
          { id: "hash of yaw", name: "yaw", amount: -1.5, layers: [1, 3], muted: true, hint: "AUC of yaw" },
        ],
      },
    ]);
  });

  it("keeps a slider for a direction that only the document carries", () => {
    const groups = sliderGroups([smile], withAmount([], yaw, 2), names);
    expect(groups.map(({ name }) => name)).toEqual(["Expression", "From this document"]);
    expect(groups[1]?.rows).toMatchObject([{ name: "yaw", amount: 2, hint: "no file" }]);
  });
});

describe("a direction that is zero on its layers", () => {
  const rows = (...touched: number[]): number[][] =>
    Array.from({ length: 10 }, (_, row) => (touched.includes(row) ? [0, 0.5] : [0, -0]));
  const silentOf = (vector: number[] | number[][], layers: LayerRange, edits: Edits = []): unknown => {
    const { direction, ...rest } = smile;
    const groups = sliderGroups([{ ...rest, layers, direction: { ...direction, vector } }], edits, names);
    return groups[0]?.rows[0]?.silent;
  };

  it("says so and offers the rows that are not", () => {
    expect(silentOf(rows(5, 7), [0, 4])).toEqual({
      message: "zero on 0-4",
      action: "use 5-8",
      layers: [5, 8],
    });
    expect(silentOf(rows(3), [0, 3])).toMatchObject({ layers: [3, 4] });
  });

  it("is quiet where an edit changes something, and where nothing would", () => {
    expect(silentOf(rows(3), [0, 4])).toBeUndefined();
    expect(silentOf(rows(5, 7), [5, 8])).toBeUndefined();
    expect(silentOf(rows(), [0, 4])).toBeUndefined();
    // One row is for all layers.
    expect(silentOf([0, 0, 0, 0, 0, 1], [0, 4])).toBeUndefined();
  });

  it("is judged by the layers that the edit has, also where only the document carries it", () => {
    const direction = { ...smile.direction, vector: rows(5, 7) };
    const edit = { direction, amount: 1, clip: 0, muted: false };
    expect(silentOf(direction.vector, [0, 4], [{ ...edit, layers: [5, 8] }])).toBeUndefined();
    expect(silentOf(direction.vector, [5, 8], [{ ...edit, layers: [0, 4] }])).toMatchObject({
      layers: [5, 8],
    });
    expect(sliderGroups([], [{ ...edit, layers: [0, 4] }], names)[0]?.rows[0]?.silent).toMatchObject({
      layers: [5, 8],
    });
  });
});
