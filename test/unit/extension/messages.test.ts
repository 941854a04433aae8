import { describe, expect, it } from "vitest";
import { isFromSliders, isFromStudio } from "../../../src/protocol/webview";

describe("messages from the Studio", () => {
  it("lets the known ones pass", () => {
    const good = [
      { type: "ready" },
      { type: "mute", id: "a", muted: true },
      { type: "remove", id: "a" },
      { type: "occluders", shown: true },
      { type: "action", action: "openAsText" },
      { type: "failure", message: "TypeError" },
    ];
    expect(good.filter(isFromStudio)).toEqual(good);
  });

  it("stops everything else", () => {
    const bad = [
      undefined,
      null,
      "ready",
      [],
      {},
      { type: 1 },
      { type: "toString" },
      { type: "mute", id: "a" },
      { type: "mute", id: 1, muted: true },
      { type: "occluders", shown: "true" },
      { type: "action", action: "rm -rf" },
      { type: "live", id: "a", amount: 1, at: 1 },
    ];
    expect(bad.filter(isFromStudio)).toEqual([]);
  });
});

describe("messages from the sliders", () => {
  it("lets the known ones pass", () => {
    const good = [
      { type: "ready" },
      { type: "live", id: "a", amount: -3, at: 5 },
      { type: "commit", id: "a", amount: 10, at: 5 },
      { type: "cancel" },
      { type: "layers", id: "a", layers: [0, 4] },
      { type: "resetAll" },
      { type: "undo" },
      { type: "redo" },
      { type: "invertFace" },
    ];
    expect(good.filter(isFromSliders)).toEqual(good);
  });

  it("stops amounts and layers that cannot be", () => {
    const bad = [
      { type: "live", id: "a", amount: Number.NaN, at: 5 },
      { type: "live", id: "a", amount: "1", at: 5 },
      { type: "commit", id: "a", amount: 10.5, at: 5 },
      { type: "commit", id: "a", amount: 1 },
      { type: "layers", id: "a", layers: [4, 4] },
      { type: "layers", id: "a", layers: [-1, 4] },
      { type: "layers", id: "a", layers: [0, 1.5] },
      { type: "layers", id: "a", layers: [0, 1, 2] },
    ];
    expect(bad.filter(isFromSliders)).toEqual([]);
  });
});
