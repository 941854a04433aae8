import { describe, expect, it } from "vitest";
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
const names = { carried: "From this document", carriedHint: "no file" };

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
