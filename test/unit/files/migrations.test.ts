import { describe, expect, it } from "vitest";
import { migrate, type Migration } from "../../../src/engine/files/migrations";
import { failureOf } from "../../support/folder";

const steps: Migration[] = [
  ({ colour, ...rest }) => ({ ...rest, color: colour ?? "none" }),
  (document) => ({ ...document, layers: [0, 4] }),
];

describe("migrate", () => {
  it("takes every step from the document's version on", () => {
    const oldest = { version: 1, colour: "red" };
    expect(migrate(oldest, "recipe", "x", steps)).toEqual({ version: 3, color: "red", layers: [0, 4] });
    expect(migrate({ version: 2, color: "red" }, "recipe", "x", steps)).toEqual({
      version: 3,
      color: "red",
      layers: [0, 4],
    });
    expect(oldest).toEqual({ version: 1, colour: "red" });
  });

  it("leaves the newest version as it is and refuses a newer one", async () => {
    const newest = { version: 3 };
    expect(migrate(newest, "recipe", "x", steps)).toBe(newest);
    expect((await failureOf(() => migrate({ version: 4 }, "recipe", "x", steps))).message).toBe(
      "x is a recipe of version 4, but this RFM reads up to version 3; update RFM.",
    );
  });

  it.each([0, -1, 1.5, "1", null])("refuses the version %j", async (version) => {
    expect((await failureOf(() => migrate({ version }, "recipe", "x", steps))).message).toMatch(
      /no version number/,
    );
  });
});
