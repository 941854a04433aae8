import { describe, expect, it } from "vitest";
import { parseSeeds, seedToZ } from "../../../src/engine/latents";

describe("parseSeeds", () => {
  it.each([
    ["0:3", [0, 1, 2]],
    ["7", [7]],
    ["1,5,9", [1, 5, 9]],
    [" 2 , 4:6 ", [2, 4, 5]],
    ["4294967295", [4294967295]],
    ["4294967294:4294967296", [4294967294, 4294967295]],
  ])("reads %j", (text, seeds) => {
    expect(parseSeeds(text)).toEqual(seeds);
  });

  it.each(["", ",", "a", "1:2:3", "-1", "1.5", "0x10", "1e3", ":5", "5:", "1,,2"])("refuses %j", (text) => {
    expect(() => parseSeeds(text)).toThrow(/names no seeds; write a half-open range such as 0:100/);
  });

  it.each(["5:5", "9:3"])("says that %j is empty", (text) => {
    expect(() => parseSeeds(text)).toThrow(/is empty, for its end does not count/);
  });

  it("refuses what no seed can be and what nobody means", () => {
    expect(() => parseSeeds("99999999999999999999")).toThrow(/is no seed/);
    expect(() => parseSeeds("0:99999999999999999999")).toThrow(/is no seed/);
    expect(() => parseSeeds("0:4294967296")).toThrow(/more than 10000000 seeds/);
  });
});

describe("seedToZ", () => {
  it("counts only the low 32 bits, as PyTorch does", () => {
    expect(seedToZ(2 ** 32 + 5)).toEqual(seedToZ(5));
  });

  it.each([-1, 0.5, NaN, 2 ** 53])("refuses %j", (seed) => {
    expect(() => seedToZ(seed)).toThrow(/is no seed/);
  });
});
