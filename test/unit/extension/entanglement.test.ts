import { describe, expect, it } from "vitest";
import { entanglementOf } from "../../../src/extension/report/entanglement";
import { reportedDirection } from "../../support/report";

const direction = (attribute: string, amount: number, change: Record<string, number>) => ({
  ...reportedDirection(attribute),
  effect: { amount, faces: 100, right: 1, change },
});

describe("entanglementOf", () => {
  it("tells changes per sigma, the directions' own attributes on the diagonal", () => {
    const smile = direction("smile", 2, { age: -0.2, smile: 1.8, yaw: 0.1 });
    const age = direction("age", 1, { age: 0.7, smile: 0.3 });
    expect(entanglementOf([smile, age])).toEqual({
      rows: ["smile", "age"],
      columns: ["smile", "age", "yaw"],
      values: [
        [0.9, -0.1, 0.05],
        [0.3, 0.7, undefined],
      ],
    });
  });

  it("takes an edit to the other side for what it is", () => {
    expect(entanglementOf([direction("smile", -2, { smile: -1 })])?.values).toEqual([[0.5]]);
  });

  it("is nothing where no effect was measured", () => {
    const { effect: _effect, ...bare } = reportedDirection();
    expect(entanglementOf([bare])).toBeUndefined();
  });
});
