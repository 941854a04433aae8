import { describe, expect, it, vi } from "vitest";
import { kindsFor, modelsFor, modelsForLabels } from "../../../src/extension/imports/belonging";
import { isPackName, isTaken, proposedName, stem } from "../../../src/extension/imports/names";
import { agreementKey } from "../../../src/extension/packs/agreements";
import { describePack, sizeInWords } from "../../../src/extension/packs/describe";
import type { KnownPack } from "../../../src/extension/packs/library";
import type { DataKind, LookedFile, PackEntry } from "../../../src/protocol/imports";

vi.mock("vscode", async () => import("../../support/vscodeMock"));

describe("the name of an imported model", () => {
  const file = (path: string, bytes = 1): { path: string; bytes: number } => ({ path, bytes });

  it("is that of the largest file, without the endings of its format", () => {
    expect(proposedName([file("/a/small.pt", 1), file("/a/karras2019-ffhq.pkl", 9)], [])).toBe(
      "karras2019-ffhq",
    );
    expect(stem("/a/latent_training_data.pkl.gz")).toBe("latent_training_data");
    expect(stem("/a/age.v2.npy")).toBe("age.v2");
  });

  it("is the folder's where the file's tells nothing", () => {
    const parts = [file("/models/cat 256/Gs_dict.pth", 9), file("/models/cat 256/Gm_dict.pth", 3)];
    expect(proposedName(parts, [])).toBe("cat-256");
  });

  it("is never one that is taken, nor one that a pack cannot have", () => {
    expect(proposedName([file("/a/Face.pkl")], ["face", "FACE-2"])).toBe("Face-3");
    for (const name of ["/a/..pkl", "/a/人脸.pth", "/a/-.pt", `/a/${"x".repeat(300)}.pt`, "/a/a b:c.onnx"]) {
      expect(isPackName(proposedName([file(name)], ["model"])), name).toBe(true);
    }
    expect(isTaken("Demo", ["demo"])).toBe(true);
  });

  it("never leads out of its folder", () => {
    const bad = ["", ".", "..", ".hidden", "a/b", "a\\b", "a b", "ends.", "x".repeat(65), "c:"];
    expect(bad.filter(isPackName)).toEqual([]);
  });
});

describe("an array belongs to a model", () => {
  const looked = (shape: readonly number[], kinds: readonly DataKind[]): LookedFile => ({
    path: "/a.npy",
    bytes: 1,
    what: "",
    kinds,
    shape,
  });
  const stylegan = { layers: 18, wDimension: 512 };
  const small = { layers: 10, wDimension: 512 };
  const pggan = { layers: 1, wDimension: 512 };

  it("whose rows it has", () => {
    const latents = looked([2, 18, 512], ["latent"]);
    expect(modelsFor([latents], [small, stylegan, pggan])).toEqual([stylegan, pggan]);
    expect(modelsFor([looked([1, 9216], ["direction", "latent"])], [small, stylegan, pggan])).toEqual([
      stylegan,
    ]);
    expect(modelsFor([looked([1, 500], ["direction"])], [small, stylegan, pggan])).toEqual([]);
  });

  it("as what it can be there", () => {
    const row = looked([1, 512], ["direction", "latent"]);
    expect(kindsFor(row, stylegan)).toEqual(["direction"]);
    expect(kindsFor(row, pggan)).toEqual(["direction", "latent"]);
    expect(kindsFor(looked([18, 512], ["latent", "direction"]), stylegan)).toEqual(["latent", "direction"]);
  });

  it("by the width of components", () => {
    expect(
      modelsFor([looked([80, 512], ["components"])], [stylegan, { layers: 10, wDimension: 20 }]),
    ).toEqual([stylegan]);
  });

  it("with all the files that were chosen", () => {
    const files = [looked([512], ["direction"]), looked([10, 512], ["latent", "direction"])];
    expect(modelsFor(files, [stylegan, small])).toEqual([small]);
    expect(modelsFor([{ path: "/a.pt", bytes: 1, what: "", kinds: [] }], [small])).toEqual([]);
  });
});

describe("a label set belongs to a model", () => {
  const whole = { layers: 18, wDimension: 512, hasMapping: true };
  const without = { layers: 18, wDimension: 512, hasMapping: false };
  const small = { layers: 10, wDimension: 20, hasMapping: true };

  it("whose codes its faces have", () => {
    expect(modelsForLabels([[9, 512]], [whole, without, small])).toEqual([whole, without]);
    expect(
      modelsForLabels(
        [
          [9, 20],
          [9, 10, 20],
        ],
        [whole, small],
      ),
    ).toEqual([small]);
    expect(modelsForLabels([[9, 12, 512]], [whole, small])).toEqual([]);
  });

  it("that draws seeds where it has no codes", () => {
    expect(modelsForLabels([], [whole, without, small])).toEqual([whole, small]);
  });
});

describe("an accepted licence", () => {
  const licensed = { name: "a", sha256: "1".repeat(64), licence: "Research only." };

  it("is that of these weights in these words", () => {
    const key = agreementKey(licensed);
    expect(agreementKey({ ...licensed, name: "another name" })).toBe(key);
    expect(agreementKey({ ...licensed, sha256: "2".repeat(64) })).not.toBe(key);
    expect(agreementKey({ ...licensed, licence: "Research only!" })).not.toBe(key);
  });
});

describe("a pack in words", () => {
  const entry: PackEntry = {
    folder: "/packs/cat",
    name: "cat",
    kind: "model",
    architecture: "stylegan2",
    sha256: "0123456789abcdef".repeat(4),
    bytes: 1_234_567,
    licence: "Research only.",
    generator: {
      resolution: 256,
      layers: 14,
      wDimension: 512,
      space: "w+",
      hasEncoder: false,
      hasMapping: false,
      missing: ["This file has no mapping network."],
    },
  };
  const pack: KnownPack = { folder: "/packs/cat", place: "installed", active: true, entry };

  it("tells architecture, resolution, size and hash, and what it lacks", () => {
    const { label, description, tooltip, icon } = describePack(pack);
    expect(label).toBe("cat");
    expect(description).toBe("active · stylegan2 · 256 pixels · 1.2 MB · 01234567");
    expect(tooltip).toContain(entry.sha256);
    for (const part of ["Research only.", "no mapping network", "no encoder"])
      expect(tooltip).toContain(part);
    expect(icon).toBe("check");
    expect(describePack({ ...pack, active: false }).icon).not.toBe("check");
  });

  it("that is broken tells why", () => {
    const broken = describePack({ ...pack, entry: { folder: "/packs/cat", message: "It has no files." } });
    expect(broken).toMatchObject({ label: "cat", tooltip: "It has no files.", warning: true });
  });

  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [47_399_137, "47.4 MB"],
    [370_000_000, "370 MB"],
    [12_300_000_000, "12.3 GB"],
  ])("has %d bytes as %s", (bytes, words) => {
    expect(sizeInWords(bytes)).toBe(words);
  });
});
