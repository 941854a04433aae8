import { describe, expect, it } from "vitest";
import { float32Text } from "../../../src/engine/files/float32Text";
import { Random } from "../../support/random";

const bits = new DataView(new ArrayBuffer(4));
function float32(pattern: number): number {
  bits.setUint32(0, pattern);
  return bits.getFloat32(0);
}

/** Patterns where printing goes wrong first: zeros, subnormals, powers of two and their neighbours. */
function* patterns(): Generator<number> {
  for (let exponent = 0; exponent < 255; exponent++) {
    for (const mantissa of [0, 1, 2, 0x7fffff, 0x7ffffe, 0x400000]) {
      yield ((exponent << 23) | mantissa) >>> 0;
      yield ((1 << 31) | (exponent << 23) | mantissa) >>> 0;
    }
  }
  const random = new Random(5);
  for (let count = 0; count < 30_000; count++) yield random.integer(0, 2 ** 32);
}

describe("float32Text", () => {
  it("gives every finite bit pattern back through JSON", () => {
    const wrong = [];
    for (const pattern of patterns()) {
      const value = float32(pattern);
      if (!Number.isFinite(value)) continue;
      const back = Math.fround(JSON.parse(float32Text(value)) as number);
      if (!Object.is(back, value)) wrong.push({ pattern, value, back });
    }
    expect(wrong).toEqual([]);
  });

  it("uses no digit too many", () => {
    const random = new Random(6);
    const wasteful = [];
    for (let count = 0; count < 3000; count++) {
      const value = Math.fround(random.normal());
      const digits = (text: string): number => text.replace(/e.*$/, "").replace(/^-?0?\.?0*|\./g, "").length;
      const fewer = digits(float32Text(value)) - 1;
      if (fewer > 0 && Math.fround(Number(value.toPrecision(fewer))) === value) wasteful.push(value);
    }
    expect(wasteful).toEqual([]);
  });

  it("prints seeds and other large integers exactly", () => {
    for (const integer of [0, 16_777_217, 2 ** 32 - 1, Number.MAX_SAFE_INTEGER, -123_456_789]) {
      expect(float32Text(integer)).toBe(String(integer));
    }
  });

  it("refuses what is no finite float32", () => {
    for (const value of [NaN, Infinity, -Infinity, 3.5e38])
      expect(() => float32Text(value)).toThrow(/finite float32/);
  });
});
