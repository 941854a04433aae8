import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { JsonOutput, TextOutput } from "../../../src/cli/output";
import { ProgressBar, progressLine } from "../../../src/cli/progress";

function sink(isTTY = false): {
  stream: PassThrough & { isTTY: boolean; columns: number };
  text: () => string;
} {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 60 });
  return { stream, text: () => String(stream.read() ?? "") };
}

describe("progressLine", () => {
  it("shows the share done as a bar and the details behind it", () => {
    const details = { loss: 0.123456, face: "1 of 2", step: 3 };
    expect(progressLine({ phase: "optimise", done: 6, total: 12, details })).toBe(
      "optimise [############............] 6/12 loss 0.1235 face 1 of 2 step 3",
    );
  });

  it("has no bar for uncounted work and a full one for more than all", () => {
    expect(progressLine({ phase: "decode", done: 0, total: 0, details: { photo: "a.png" } })).toBe(
      "decode photo a.png",
    );
    expect(progressLine({ phase: "x", done: 9, total: 3 })).toContain("[########################] 9/3");
  });
});

describe("ProgressBar", () => {
  it("draws no more often than eyes can follow, but always the last step, and fits the terminal", () => {
    let now = 0;
    const written: string[] = [];
    const bar = new ProgressBar(
      (text) => written.push(text),
      () => 20,
      () => now,
    );
    for (let done = 0; done <= 10; done++) {
      now += 30;
      bar.show({ phase: "x", done, total: 10 });
    }
    expect(written.length).toBeGreaterThan(2);
    expect(written.length).toBeLessThan(8);

    for (const line of written) expect(line).toMatch(/^\r.{0,19}\u001b\[K$/);
    bar.clear();
    bar.clear();
    expect(written.filter((text) => text === "\r\u001b[K")).toHaveLength(1);
  });
});

describe("TextOutput", () => {
  it("keeps results on stdout, trouble on stderr and shows no bar without a terminal", () => {
    const [out, errors] = [sink(), sink()];
    const output = new TextOutput(out.stream, errors.stream);
    output.progress({ phase: "x", done: 1, total: 2 });
    output.note("a.png");
    output.warn("slow");
    output.fail("a.png is broken.");
    output.result({ path: "a.png" }, "done");
    expect(out.text()).toBe("a.png\ndone\n");
    expect(errors.text()).toBe("rfm: warning: slow\nrfm: a.png is broken.\n");
  });

  it("draws the bar on a terminal and wipes it before text", () => {
    const [out, errors] = [sink(), sink(true)];
    const output = new TextOutput(out.stream, errors.stream);
    output.progress({ phase: "x", done: 1, total: 2 });
    output.result({}, "done");
    expect(errors.text()).toMatch(/^\rx \[#{12}\.{12}\] 1\/2.*\r/);
    expect(out.text()).toBe("done\n");
  });
});

describe("JsonOutput", () => {
  it("prints one object per line, the result last", () => {
    const [out, errors] = [sink(), sink()];
    const output = new JsonOutput(out.stream, errors.stream);
    output.progress({ phase: "x", done: 1, total: 2, details: { loss: 0.5 } });
    output.note();
    output.fail("bad.");
    output.result({ path: "a" });
    const lines = out.text().trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { progress: { phase: "x", done: 1, total: 2, loss: 0.5 } },
      { result: { path: "a" } },
    ]);
    expect(errors.text()).toBe("rfm: bad.\n");
  });
});
