import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { readReportState, rememberingScript } from "../../../../src/extension/report/panelState";

describe("the state of a report's panel", () => {
  it("is what its page's script gives VS Code to remember", () => {
    const state = { title: '</script><!-- "faces"', paths: ["/a/smile</script>.direction.json"] };
    const script = rememberingScript(state);
    expect(script).not.toContain("<");
    let remembered: unknown;
    const setState = (given: unknown): void => {
      remembered = structuredClone(given);
    };
    runInNewContext(script, { acquireVsCodeApi: () => ({ setState }) });
    expect(readReportState(remembered)).toEqual(state);
  });

  it.each([
    undefined,
    null,
    "faces",
    {},
    { title: "faces", paths: [] },
    { title: 1, paths: ["/a/smile.direction.json"] },
    { title: "faces", paths: ["smile.direction.json"] },
    { title: "faces", paths: ["/etc/passwd"] },
    { title: "faces", paths: ["/a/smile.direction.json", 1] },
    { title: "faces", paths: Array(1001).fill("/a/smile.direction.json") },
  ])("is nothing where it is not ours: %j", (state) => {
    expect(readReportState(state)).toBeUndefined();
  });
});
