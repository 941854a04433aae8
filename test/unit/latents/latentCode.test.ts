import { describe, expect, it } from "vitest";
import type { LatentDocument } from "../../../src/engine/files";
import { latentCode } from "../../../src/engine/latents";

const MODEL = { name: "tiny", sha256: "a".repeat(64), layers: 3, wDimension: 2 };

function latent(changes: Partial<LatentDocument>): LatentDocument {
  return {
    kind: "latent",
    version: 1,
    model: { name: MODEL.name, sha256: MODEL.sha256 },
    space: "w+",
    shape: [3, 2],
    norm: 1,
    edits: [],
    w: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    run: { createdAt: "2026-01-01T00:00:00Z", version: "0" },
    ...changes,
  };
}

describe("the code of a latent", () => {
  it("is its rows one after the other", () => {
    expect(latentCode(latent({}), "a.latent.json", MODEL)).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
  });

  it("repeats a single w for every layer", () => {
    const single = latent({ space: "w", shape: [1, 2], w: [[7, 8]] });
    expect(latentCode(single, "a.latent.json", MODEL)).toEqual(Float32Array.of(7, 8, 7, 8, 7, 8));
  });

  it("is z itself of a model of one row, whose codes are z", () => {
    const code = latent({ space: "z", shape: [1, 2], w: [[7, 8]] });
    const model = { ...MODEL, layers: 1 };
    expect(latentCode(code, "a.latent.json", model)).toEqual(Float32Array.of(7, 8));
    const row = latent({ space: "w", shape: [1, 2], w: [[7, 8]] });
    expect(() => latentCode(row, "a.latent.json", model)).toThrow("tiny takes z of 1x2");
  });

  it.each<[string, Partial<LatentDocument>, string]>([
    ["another model", { model: { name: "ffhq", sha256: "b".repeat(64) } }, "a latent of the model ffhq"],
    ["the space z", { space: "z", shape: [1, 2], w: [[1, 2]] }, "a latent in z of 1x2"],
    ["too few layers", { shape: [2, 2] }, "a latent in w+ of 2x2"],
    ["other columns", { shape: [3, 4] }, "a latent in w+ of 3x4"],
  ])("is refused for %s, by name", (_, changes, sentence) => {
    expect(() => latentCode(latent(changes), "a.latent.json", MODEL)).toThrow(`a.latent.json is ${sentence}`);
  });
});
