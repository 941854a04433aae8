import { describe, expect, it } from "vitest";
import { isFused, kernelOrder, type KernelOrder } from "../../../src/engine/networks/styleGan1/kernels";

describe("the order of an upsampling kernel's channels", () => {
  it("shows where the counts differ, and only there", () => {
    expect(kernelOrder([4, 6, 3, 3], 6, 4)).toBe("plain");
    expect(kernelOrder([6, 4, 3, 3], 6, 4)).toBe("fused");
    expect(kernelOrder([4, 4, 3, 3], 4, 4)).toBe("either");
    expect(kernelOrder([5, 4, 3, 3], 6, 4)).toBeUndefined();
  });

  const orders = (...entries: [number, KernelOrder][]): ReadonlyMap<number, KernelOrder> => new Map(entries);

  it("decides by the published rule where no kernel shows it", () => {
    const unknown = orders([64, "either"], [128, "either"]);
    expect([64, 128].map((size) => isFused(size, unknown))).toEqual([false, true]);
  });

  it("decides by neighbours that show it", () => {
    const early = orders([32, "fused"], [64, "either"]);
    expect(isFused(64, early)).toBe(true);
    const never = orders([128, "either"], [256, "plain"]);
    expect(isFused(128, never)).toBe(false);
  });
});
