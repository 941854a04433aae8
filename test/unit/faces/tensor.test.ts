import { describe, expect, it } from "vitest";
import { fromTensor, toTensor } from "../../../src/engine/faces";
import { gradientPicture, paint } from "./pictures";

describe("toTensor", () => {
  it("gives planes in [-1, 1]", () => {
    const picture = paint(3, 2, (x, y) => [x === 0 ? 0 : 255, 51 * x, 51 * y]);
    const tensor = toTensor(picture);
    expect(tensor.length).toBe(18);
    expect([...tensor.subarray(0, 6)]).toEqual([-1, 1, 1, -1, 1, 1]);
    expect(tensor[6 + 1]).toBe(Math.fround(51 / 127.5 - 1));
    expect(tensor[12 + 3]).toBe(Math.fround(51 / 127.5 - 1));
  });

  it("comes back with every byte", () => {
    const every = paint(16, 16, (x, y) => [y * 16 + x, 255 - (y * 16 + x), (y * 16 + x) ^ 0x55]);
    expect(fromTensor(toTensor(every), 16)).toEqual(every);
    const wide = gradientPicture(37, 11);
    expect(fromTensor(toTensor(wide), 37, 11)).toEqual(wide);
  });
});

describe("fromTensor", () => {
  it("rounds to the nearest byte and clamps", () => {
    const at = (byte: number): number => byte / 127.5 - 1;
    const values = Float32Array.of(at(99.4), at(99.6), -7, 1.5, NaN, 0);
    expect([...fromTensor(values, 2, 1).data]).toEqual([99, 0, 0, 100, 255, 128]);
  });

  it("takes one picture of a batch, and none that is not there", () => {
    const [first, second] = [gradientPicture(4, 4), paint(4, 4, () => [9, 8, 7])];
    const batch = Float32Array.of(...toTensor(first), ...toTensor(second));
    expect(fromTensor(batch, 4, 4, 1)).toEqual(second);
    expect(() => fromTensor(batch, 4, 4, 2)).toThrow(RangeError);
  });
});
