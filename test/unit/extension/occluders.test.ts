import { describe, expect, it, vi } from "vitest";
import type { OpenedLatent } from "../../../src/protocol/engine";
import {
  drawOccluders,
  leftOutPercent,
  leftOutShare,
  occludersOf,
} from "../../../src/extension/studio/occluders";

vi.mock("vscode", async () => await import("../../support/vscodeMock"));

const GRID = [
  [1, 0.5, 0.49],
  [0, 1, 1],
];

/** As much of an opened latent as this is about. */
function opened(parts: { occlusion?: typeof GRID; photo?: boolean }): OpenedLatent {
  const { occlusion, photo = true } = parts;
  return {
    details: { inversion: { ...(occlusion && { occlusion }) } },
    ...(photo && { photo: { width: 1, height: 1, rgba: new Uint8ClampedArray(4) } }),
  } as unknown as OpenedLatent;
}

describe("what was left out", () => {
  it("is the share of cells that count less than half", () => {
    expect(leftOutShare(GRID)).toBeCloseTo(2 / 6, 12);
    expect(leftOutPercent(GRID)).toBe("33%");
    expect(leftOutPercent([[1, 0.5]])).toBeUndefined();
    const little = Array.from({ length: 30 }, (_, row) =>
      Array.from({ length: 30 }, () => (row === 0 ? 0.9 : 1)),
    );
    expect(leftOutPercent([[0, ...Array<number>(9).fill(1)], ...little])).toBe("1%");
  });

  it("is hatched cell by cell, the stronger the less it counts, and nothing else is covered", () => {
    const { text } = drawOccluders(GRID, 'a "sentence"');
    expect(text).toContain('viewBox="0 0 3 2"');
    expect(text).toContain('aria-label="a &#34;sentence&#34;"');
    const shades = [...text.matchAll(/class="shade" fill-opacity="([^"]+)" x="(\d+)" y="(\d+)"/g)];
    expect(shades.map(([, opacity, x, y]) => [x, y, opacity])).toEqual([
      ["2", "0", "0.31"],
      ["0", "1", "0.6"],
    ]);
    expect(text.match(/url\(#hatching\)/g)).toHaveLength(2);
    expect(text).not.toMatch(/style=|#[0-9a-f]{3,6}"|rgb/);
  });

  it("is told with its share where there is a photo to show it on", () => {
    expect(occludersOf(opened({ occlusion: GRID }))?.description).toContain("33%");
    expect(occludersOf(opened({ occlusion: GRID, photo: false }))).toBeUndefined();
    expect(occludersOf(opened({ occlusion: [[1, 0.7]] }))).toBeUndefined();
    expect(occludersOf(opened({}))).toBeUndefined();
  });
});
