import { describe, expect, it } from "vitest";
import { CELEBA_ATTRIBUTES, classifiedAttribute } from "../../../src/engine/networks";

describe("the attribute of a classifier", () => {
  it("is known for all forty by the names of their published files", () => {
    expect(CELEBA_ATTRIBUTES).toHaveLength(40);
    CELEBA_ATTRIBUTES.forEach((name, index) => {
      const file = `celebahq-classifier-${String(index).padStart(2, "0")}-${name}.pkl`;
      expect(classifiedAttribute([file])).toEqual({ index, name });
    });
  });

  it.each([
    [["/data/04-young.pkl"], 4, "young"],
    [["Young.pkl"], 4, "young"],
    [["x.pkl", "celebahq_classifier_13_blond_hair"], 13, "blond-hair"],
    [["celebahq-classifier-39.pkl"], 39, "wearing-necktie"],
    [["D.pkl", "D", ""], undefined, "d"],
    [["celebahq-classifier-77-crown.pkl"], undefined, "celebahq-classifier-77-crown"],
    [[""], undefined, "attribute"],
  ])("of %j", (names, index, name) => {
    expect(classifiedAttribute(names)).toEqual({ index, name });
  });
});
