import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { exportedReport } from "../../../../src/extension/report/exportHtml";
import { drawReport, figuresOf, type Report } from "../../../../src/extension/report/report";
import { reportWords } from "../../../../src/extension/report/words";
import { exampleReport, reportedDirection } from "../../../support/report";

vi.mock("vscode", () => import("../../../support/vscodeMock"));

const words = reportWords();
const media = join(__dirname, "..", "..", "..", "..", "media");
const css = ["plots.css", "report.css"].map((name) => readFileSync(join(media, name), "utf8")).join("\n");
const text = (report: Report): string => drawReport(report, words).text;

describe("drawReport", () => {
  it("tells held-out figures and RFM's own side by side", () => {
    const page = text(exampleReport(["smile"]));
    const [, row = ""] = /<tbody>(<tr>.*?<\/tr>)/.exec(page) ?? [];
    const cells = [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell);
    expect(cells).toEqual([
      "Smile",
      "0.981 [0.976, 0.985]",
      "93.2%",
      "91.9%",
      "66.3%",
      "95.8%",
      "92.9%",
      "8256 (67.2%)",
      "137 / 512",
    ]);
    expect(page).toContain("Score gradients helped more: 15% of the leaks is left, by projection 89%.");
  });

  it("shows whatever a document has, and copes with a bare one", () => {
    const bare = reportedDirection();
    const captions = figuresOf(bare, words).map(({ caption }) => caption);
    expect(captions).toHaveLength(5);
    const { kind, version, attribute, model, space, shape, layers, run } = bare;
    const least = { kind, version, attribute, model, space, shape, layers, run };
    expect(figuresOf(least, words)).toEqual([]);
    const page = text({ title: "x", directions: [least], entanglement: undefined });
    expect(page).toContain("Smile");
    expect(page).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  it("gives every plot a name and its numbers as a table", () => {
    const page = text(exampleReport());
    const plots = page.match(/<svg [^>]*role="img"/g)?.length ?? 0;
    expect(plots).toBe(3 * 5 + 1);
    for (const [, label] of page.matchAll(/<svg [^>]*role="img" aria-label="([^"]*)"/g)) {
      expect(label?.length).toBeGreaterThan(5);
    }
    expect(page.match(/<figure/g)).toHaveLength(plots);
    expect(page.match(/<\/table><\/div><\/details>/g)).toHaveLength(plots);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("makes text of whatever a file says", () => {
    const hostile = `</svg><script>alert("1")</script><img src=x onerror='x'>`;
    const report = exampleReport([hostile]);
    const direction = { ...reportedDirection(hostile), labelSet: { name: hostile, sha256: "0".repeat(64) } };
    const page = text({ ...report, title: hostile, directions: [direction] });
    expect(page).not.toMatch(/<script|<img|onerror='/i);
    expect(page).toContain("&#60;script&#62;");
  });

  it("uses no inline styles and no event handlers: the page's policy would refuse them", () => {
    expect(text(exampleReport())).not.toMatch(/\s(style|on\w+)=/);
  });
});

describe("exportedReport", () => {
  const report = exampleReport();
  const file = exportedReport(report.title, drawReport(report, words), [css], "en");

  it("needs nothing else: no script, nothing from elsewhere", () => {
    expect(file).toMatch(/^<!DOCTYPE html>/);
    expect(file).not.toMatch(/<script|<link|@import|url\(|javascript:/i);
    const addresses = (file.match(/https?:\/\/[^"' ]+/g) ?? []).filter(
      (address) => address !== "http://www.w3.org/2000/svg",
    );
    expect(addresses).toEqual([]);
    expect(file).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it("brings a value for every theme colour that the page uses, for light and dark", () => {
    const used = [...css.matchAll(/var\((--vscode-[\w-]+)\)/g)].map(([, name = ""]) => name);
    expect(used.length).toBeGreaterThan(5);
    const [light = "", dark = ""] = file.split("@media (prefers-color-scheme: dark)");
    for (const name of used) {
      if (name === "--vscode-foreground") continue; // only behind another
      expect(light, name).toContain(`${name}: `);
      if (!name.startsWith("--vscode-font")) expect(dark.split("}")[0], name).toContain(`${name}: `);
    }
  });
});
