import { expect, it, vi } from "vitest";
import { describeEntry } from "../../../src/extension/directions/describe";
import type { DirectionEntry } from "../../../src/protocol/directions";

vi.mock("vscode", async () => import("../../support/vscodeMock"));

const smile: DirectionEntry = {
  kind: "direction",
  path: "/smile.direction.json",
  name: "smile",
  attribute: "smile",
  model: "pggan",
  space: "w",
  layers: [0, 4],
};

it("tells the layers of a direction in w, and none of one in z, which has no layers", () => {
  const inW = describeEntry(smile);
  expect([inW.description, inW.tooltip].map((text) => text.includes("layers 0–4"))).toEqual([true, true]);
  const inZ = describeEntry({ ...smile, space: "z", layers: [0, 1] });
  expect([inZ.description, inZ.tooltip].map((text) => text.includes("layers"))).toEqual([false, false]);
});
