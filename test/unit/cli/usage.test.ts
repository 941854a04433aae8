import { describe, expect, it } from "vitest";
import {
  asUsage,
  choiceOption,
  integerOption,
  layersOption,
  numberOption,
  rangeOption,
  UsageError,
} from "../../../src/cli/usage";
import { RfmError } from "../../../src/engine/files";

describe("options", () => {
  it("are read", () => {
    expect(numberOption("--x", "-1.5e2")).toBe(-150);
    expect(integerOption("--x", "4294967295")).toBe(4_294_967_295);
    expect(layersOption("0:4")).toEqual([0, 4]);
    expect(rangeOption("It", "5:9")).toEqual({ start: 5, end: 9 });
    expect(choiceOption("--x", "b", ["a", "b"])).toBe("b");
  });

  it.each([
    [() => numberOption("--x", ""), '--x is ""; give a number.'],
    [() => numberOption("--x", "NaN"), '--x is "NaN"; give a number.'],
    [() => numberOption("--x", "2", 0, 1), '--x is "2"; give a number from 0 to 1.'],
    [() => integerOption("--x", "1.5"), '--x is "1.5"; give a whole number of at least 0.'],
    [() => integerOption("--x", "9007199254740993"), "whole number"],
    [() => integerOption("--x", "0x10"), "whole number"],
    [() => layersOption("4:4"), '--layers is "4:4"; give a half-open range such as 0:4.'],
    [() => layersOption("-1:4"), "half-open range"],
    [() => rangeOption("It", "3"), 'It is "3"; give a half-open range such as 0:100.'],
    [() => choiceOption("--x", "c", ["a", "b"]), '--x is "c"; give one of a, b.'],
  ])("%s is wrong usage", (read, said) => {
    expect(read).toThrow(UsageError);
    expect(read).toThrow(said);
  });

  it("turn an engine's complaint about an argument into wrong usage, and leave defects alone", () => {
    const complain = (error: Error) => () =>
      asUsage(() => {
        throw error;
      });
    expect(complain(new RfmError("usage", "No."))).toThrow(UsageError);
    expect(complain(new TypeError("bug"))).toThrow(TypeError);
  });
});
