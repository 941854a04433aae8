import { describe, expect, it } from "vitest";
import { lossCourse, type CourseWords } from "../../../src/extension/photos/lossCourse";
import { sheetPage } from "../../../src/extension/photos/sheetPage";

const words: CourseWords = {
  caption: "Course",
  iteration: "step",
  value: "loss",
  part: "part",
  first: "first",
  last: "last",
  name: (part) => (part === "total" ? "sum" : part),
};

describe("lossCourse", () => {
  const course = {
    iterations: [0, 5, 10, 15],
    losses: { pixel: [1, 0.5, 0.1, 0.05], total: [10, 5, 1, 0.5], identity: [0.3, NaN, 0, 0.2] },
  };

  it("draws the sum first, and says start and end of every part", () => {
    const figure = lossCourse(course, words);
    expect(figure?.table.rows).toEqual([
      ["sum", "10", "0.5"],
      ["pixel", "1", "0.05"],
      ["identity", "0.3", "0.2"],
    ]);
    expect(figure?.legend?.map(({ name }) => name)).toEqual(["sum", "pixel", "identity"]);
    expect(figure?.svg.text).toContain('role="img"');
    expect(figure?.svg.text).toContain("sum 10 → 0.5");
  });

  it("leaves out what a logarithm does not know", () => {
    const drawn = lossCourse(course, words)?.svg.text ?? "";
    expect(drawn).not.toMatch(/NaN|Infinity/);
    expect(drawn.match(/class="line series-2"/g)).toHaveLength(1);
    // Its two numbers stand alone between gaps.
    expect(drawn).not.toContain("series-3");
    expect(lossCourse({ iterations: [0, 1], losses: { total: [0, -1] } }, words)).toBeUndefined();
    expect(lossCourse({ iterations: [0], losses: { total: [1] } }, words)).toBeUndefined();
  });

  it("places a tenfold fall at the same height wherever it happens", () => {
    const drawn = lossCourse({ iterations: [0, 1, 2], losses: { total: [100, 10, 1] } }, words);
    const [, path = ""] = /class="line series-1" d="([^"]*)"/.exec(drawn?.svg.text ?? "") ?? [];
    const [a, b, c] = [...path.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y));
    expect((b ?? NaN) - (a ?? NaN)).toBeCloseTo((c ?? NaN) - (b ?? NaN), 1);
  });

  it("writes names of a document as text, and more parts than lines into the table", () => {
    const named = lossCourse({ iterations: [0, 1], losses: { "<script>": [2, 1] } }, words);
    expect(named?.svg.text).not.toContain("<script>");
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`part ${i}`, [2, 1]]));
    const figure = lossCourse({ iterations: [0, 1], losses: many }, words);
    expect(figure?.table.rows).toHaveLength(30);
    expect(figure?.legend).toHaveLength(13);
  });
});

describe("sheetPage", () => {
  it("sends every link where it is told to, and leaves the rest", () => {
    const sheet = `<h2><a href="a%20b&#38;c.latent.json">a &#60; b</a></h2><img src="data:x" alt="a">`;
    expect(sheetPage(sheet, (address) => `command:open?"${address}"`)).toBe(
      `<h2><a href="command:open?&#34;a%20b&#38;c.latent.json&#34;">a &#60; b</a></h2><img src="data:x" alt="a">`,
    );
  });
});
