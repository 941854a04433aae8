import { describe, expect, it } from "vitest";
import { distinctRows, heldOutSplit } from "../../../src/engine/directions/quality/heldOut";
import { Random } from "../../support/random";

describe("heldOutSplit", () => {
  const faces = Int32Array.from({ length: 100 }, (_, i) => 3 * i);

  it("gives every face to one part, in an order that the seed decides", () => {
    const { train, test } = heldOutSplit(faces, 4);
    expect([train.length, test.length]).toEqual([80, 20]);
    expect(Array.from([...train, ...test]).sort((a, b) => a - b)).toEqual(Array.from(faces));
    expect(heldOutSplit(faces, 4)).toEqual({ train, test });
    expect(heldOutSplit(faces, 5).test).not.toEqual(test);
    expect(heldOutSplit(faces, 4, 100).test).toHaveLength(0);
  });

  it("refuses more faces than there are", () => {
    expect(() => heldOutSplit(faces, 0, 101)).toThrow(/Training on 101 of 100 labels is impossible/);
    expect(() => heldOutSplit(faces, 0, 1)).toThrow(/train on 2 to 100/);
    expect(() => heldOutSplit(faces.subarray(0, 1), 0)).toThrow(/one labelled face/);
  });
});

describe("distinctRows", () => {
  it("keeps the first of equal codes and all that differ anywhere", () => {
    const [n, d] = [40, 50];
    const rows = new Random(2).normals(n * d);
    rows.copyWithin(30 * d, 3 * d, 4 * d);
    rows.copyWithin(31 * d, 3 * d, 4 * d);
    rows.copyWithin(20 * d, 9 * d, 10 * d);
    // One coordinate that the hash may not look at.
    rows[20 * d + 37] = (rows[20 * d + 37] ?? 0) + 1;
    const expected = Array.from({ length: n }, (_, i) => i).filter((i) => i !== 30 && i !== 31);
    expect(Array.from(distinctRows(rows, d))).toEqual(expected);
  });
});
