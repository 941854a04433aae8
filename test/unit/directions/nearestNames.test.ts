import { describe, expect, it } from "vitest";
import { directionFileName, nearestNames } from "../../../src/engine/directions";

const NAMES = ["smile", "age", "gender", "mouth-open", "mouth-width", "eyes-open", "yaw", "skin-warmth"];

describe("nearestNames", () => {
  it.each([
    ["smiel", "smile"],
    ["Smile", "smile"],
    ["mouth_open", "mouth-open"],
    ["gendre", "gender"],
    ["warmth", "skin-warmth"],
  ])("offers for %s first %s", (wanted, first) => {
    expect(nearestNames(wanted, NAMES)[0]).toBe(first);
  });

  it("offers several, at most so many, and nothing for what is like none", () => {
    expect(nearestNames("mouth", NAMES)).toEqual(["mouth-open", "mouth-width"]);
    expect(nearestNames("mouth", NAMES, 1)).toEqual(["mouth-open"]);
    expect(nearestNames("spectacles", NAMES)).toEqual([]);
    expect(nearestNames("x", [])).toEqual([]);
  });
});

describe("directionFileName", () => {
  it("replaces what is unusual and gives no name twice", () => {
    const taken = new Set<string>();
    expect(directionFileName("wavy hair/brown", taken)).toBe("wavy-hair-brown.direction.json");
    expect(directionFileName("wavy hair brown", taken)).toBe("wavy-hair-brown-2.direction.json");
    expect(directionFileName("../Smile", taken)).toBe("-Smile.direction.json");
    expect(directionFileName("..", taken)).toBe("attribute.direction.json");
    expect(directionFileName("SMILE", new Set(["smile"]))).toBe("SMILE-2.direction.json");
    expect(directionFileName("年龄")).toBe("年龄.direction.json");
  });
});
