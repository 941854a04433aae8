import { describe, expect, it } from "vitest";
import { carryingLayers } from "../../../src/engine/directions";

const effects = (...own: number[]): { layer: number; own: number; others: number }[] =>
  own.map((value, layer) => ({ layer, own: value, others: 0 })).sort((a, b) => b.own - a.own);

describe("carryingLayers", () => {
  it("is the shortest run with nine tenths of what raises the attribute", () => {
    expect(carryingLayers(effects(0.05, 0.5, 0.4, 0.05, 0))).toEqual([1, 3]);
    expect(carryingLayers(effects(0.5, 0.3, 0.1, 0.1))).toEqual([0, 3]);
    expect(carryingLayers(effects(0, 0, 1))).toEqual([2, 3]);
    expect(carryingLayers(effects(1, 1, 1, 1))).toEqual([0, 4]);
  });

  it("takes in what lies between two strong layers, and the strongest of equally short runs", () => {
    expect(carryingLayers(effects(0.5, 0, 0.5, 0))).toEqual([0, 3]);
    expect(carryingLayers(effects(0.1, 0.9, 0.95, 0.05), 0.9)).toEqual([1, 3]);
    expect(carryingLayers(effects(0.4, 0.5, 0.4), 0.6)).toEqual([0, 2]);
  });

  it("counts layers that lower the attribute as nothing, and knows none where none raises it", () => {
    expect(carryingLayers(effects(-0.5, 1, -0.2))).toEqual([1, 2]);
    expect(carryingLayers(effects(-0.5, 0))).toBeUndefined();
    expect(carryingLayers([])).toBeUndefined();
  });
});
