import { createHash } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readNpyFile, toFloat32, writeNpy } from "../../src/engine/checkpoints";
import { readDocument } from "../../src/engine/files";
import { temporaryFolder } from "../support/folder";
import { difference, fixtureNumbers } from "../support/networks";
import { fixturePath, wavyPictures } from "../support/wavyPictures";
import { resultOf, rfm, type Ended } from "./support/rfm";

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);
const run = (...args: string[]): Promise<Ended> => rfm(folder, ...args, "--provider", "cpu");
const DONE = { code: 0, stderr: "" };

async function numbers(name: string): Promise<Float32Array> {
  return toFloat32(await readNpyFile(at(name)));
}

const RFM_64 = ["Gs_dict.pth", "Gm_dict.pth", "center_tensor.pt"].map((part) =>
  fixturePath(`stylegan1/64.rfm.${part}`),
);

describe.each([
  { family: "StyleGAN1", files: RFM_64, space: "w+", rowSpace: "w", shape: [10, 12], recommended: [0, 4] },
  {
    family: "StyleGAN2",
    files: [fixturePath("stylegan2/rosinality-64.pt")],
    space: "w+",
    rowSpace: "w",
    shape: [10, 20],
    recommended: [0, 4],
  },
  {
    family: "PGGAN",
    files: [fixturePath("pggan/genforce-32.pth")],
    space: "z",
    rowSpace: "z",
    shape: [1, 20],
    recommended: [0, 1],
  },
])("an imported $family", ({ family, files, space, rowSpace, shape, recommended }) => {
  it("labels, fits, inverts and edits", async () => {
    const [pack, model] = [family, ["--model", family]];
    const imported = await run("import", ...files, "--out", pack, "--json");
    expect(imported.code).toBe(0);
    expect(resultOf(imported)).toMatchObject({ model: { kind: "generator", name: family } });

    const photo = fixturePath("photos/astronaut.png");
    const [labelled, inverted] = await Promise.all([
      run("label", "0:24", "--out", `${pack}-set`, ...model),
      run("invert", photo, "--out", `${pack}-l`, "--iterations", "1", ...model),
    ]);
    expect(labelled).toMatchObject(DONE);
    expect(inverted.code, inverted.stderr).toBe(0);
    const labels = await readDocument(at(`${pack}-set.labels.json`), "labels");
    expect(labels).toMatchObject({ space: rowSpace, count: 24 });

    const fitted = await run(
      "fit",
      `${pack}-set`,
      "--attribute",
      "brightness",
      "--layer-faces",
      "1",
      "--measure",
      "2",
      "--out",
      `${pack}-d`,
      ...model,
    );
    expect(fitted.code, fitted.stderr).toBe(0);
    const direction = await readDocument(at(`${pack}-d`, "brightness.direction.json"), "direction");
    expect(direction).toMatchObject({ space: rowSpace, shape: shape.slice(1), layers: recommended });
    expect(Object.values(direction.effect?.change ?? {}).every(Number.isFinite)).toBe(true);

    const latent = `${pack}-l/astronaut.latent.json`;
    expect(await readDocument(at(latent), "latent")).toMatchObject({ space, shape });

    const along = (amount: number, out: string): Promise<Ended> =>
      run(
        "edit",
        latent,
        "--direction",
        `${pack}-d/brightness.direction.json=${amount}`,
        "--out",
        out,
        ...model,
      );
    expect(await along(3, `${pack}-bright.png`)).toMatchObject(DONE);
    expect(await along(0, `${pack}-same.png`)).toMatchObject(DONE);
    expect(readFileSync(at(`${pack}-bright.png`))).not.toEqual(readFileSync(at(`${pack}-same.png`)));
  });
});

describe("an imported StyleGAN1 with its encoder", () => {
  it("draws, maps and encodes as PyTorch does", async () => {
    const parts = ["Gs_dict.pth", "Gm_dict.pth", "center_tensor.pt"].map((part) =>
      fixturePath(`stylegan1/128.rfm.${part}`),
    );
    expect((await run("import", ...parts, fixturePath("encoderE/128.pth"), "--out", "whole")).stdout).toMatch(
      /stylegan1, 128 pixels, 12 layers/,
    );
    const expected = await fixtureNumbers(fixturePath("stylegan1/128.expected.safetensors"));
    writeFileSync(at("rows.npy"), writeNpy(expected("rows"), [2, 12, 12]));
    expect(await run("synthesize", "rows.npy", "--out", "x.npy", "--model", "whole")).toMatchObject(DONE);
    const [x, grid] = [await numbers("x.npy"), Array.from(expected("grid"))];
    const kept = Array.from({ length: 6 }, (_, plane) =>
      grid.flatMap((row) => grid.map((column) => x[(plane * 128 + row) * 128 + column] ?? NaN)),
    );
    expect(difference(Float32Array.from(kept.flat()), expected("x.none"))).toBeLessThan(1e-3);
    expect(await run("encode", "x.npy", "--out", "codes.npy", "--model", "whole")).toMatchObject(DONE);
    const codes = await readNpyFile(at("codes.npy"));
    expect(codes.shape).toEqual([2, 12, 12]);
    expect(toFloat32(codes).every(Number.isFinite)).toBe(true);
  });
});

describe("an imported generator in ONNX", () => {
  it("labels, fits, edits and inverts", async () => {
    const onnx = ["mapping.onnx", "synthesis.onnx"].map((name) => fixturePath(`imports/onnx/${name}`));
    const imported = await run("import", ...onnx, "--out", "own", "--range", "-1:1");
    expect(imported.code, imported.stderr).toBe(0);
    expect(imported.stdout).toMatch(/ONNX generator, 32 pixels, edited in w\+ of 5 layers/);
    const model = ["--model", "own"];
    const labelled = await run("label", "0:24", "--out", "own-set", ...model);
    expect(labelled.code, labelled.stderr).toBe(0);
    const fit = ["fit", "own-set", "--attribute", "brightness", "--quick", "--no-measure", "--out", "own-d"];
    const fitted = await run(...fit, ...model);
    expect(fitted.code, fitted.stderr).toBe(0);
    const photo = fixturePath("photos/astronaut.png");
    const inverted = await run("invert", photo, "--out", "own-l", "--iterations", "1", ...model);
    expect(inverted.code, inverted.stderr).toBe(0);
    const latent = "own-l/astronaut.latent.json";
    const direction = "own-d/brightness.direction.json=2";
    const edited = await run("edit", latent, "--direction", direction, "--out", "own.png", ...model);
    expect(edited).toMatchObject(DONE);
  });
});

describe("a label set of another project", () => {
  const labels = (name: string): string => fixturePath(`imports/${name}`);

  it("is imported beside its model and fits directions", async () => {
    await run("import", fixturePath("stylegan2/rosinality-64.pt"), "--out", "labelled");
    const model = ["--model", "labelled"];
    const imported = await run("import", labels("faces.4.pkl.gz"), "--out", "sets", ...model);
    expect(imported.code, imported.stderr).toBe(0);
    expect(imported.stdout).toMatch(/faces\.4\.labels\.json: 37 faces, 40 attributes/);
    expect(imported.stderr).toMatch(/forehead-occluded in \d+/);
    const fitted = await run(
      "fit",
      "sets/faces.4",
      ...["--attribute", "smile", "--attribute", "age", "--train", "20", "--quick", "--out", "fits"],
      ...model,
    );
    expect(fitted.code, fitted.stderr).toBe(0);
    const direction = await readDocument(at("fits", "age.direction.json"), "direction");
    expect(direction).toMatchObject({ space: "w", shape: [20], attribute: "age" });

    const logits = [
      "import",
      labels("logits.old.pt"),
      labels("z.seeds.pt"),
      "--out",
      "sets",
      "--name",
      "rfm",
    ];
    expect((await run(...logits, ...model)).stdout).toMatch(/rfm\.labels\.json: 40 faces/);
    const exported = await run("label", "export", "sets/rfm", "--out", "y.npy", "--codes", "w.npy", ...model);
    expect(exported.code, exported.stderr).toBe(0);
    expect((await readNpyFile(at("w.npy"))).shape).toEqual([40, 20]);
    const anyModel = await run("import", labels("logits.old.pt"), "--out", "other");
    expect(anyModel).toMatchObject({ code: 2 });
    expect(anyModel.stderr).toMatch(/belongs to the model that drew its faces/);
  });
});

describe("imported classifiers", () => {
  it("score pictures of their own size, without any model", async () => {
    const files = ["00-male", "04-young"].map((name) =>
      fixturePath(`celebaClassifier/celebahq-classifier-${name}.pkl`),
    );
    expect((await run("import", ...files, "--out", "classes")).stdout).toMatch(/--scorer/);
    writeFileSync(at("faces.npy"), writeNpy(wavyPictures(0, 2, 3 * 32 ** 2), [2, 3, 32, 32]));
    expect(await run("classify", "faces.npy", "--scorer", "classes", "--out", "y.npy")).toMatchObject(DONE);
    const scores = await readNpyFile(at("y.npy"));
    expect(scores.shape).toEqual([2, 2]);
    expect(toFloat32(scores).every(Number.isFinite)).toBe(true);
  });
});

/** Writes a sparse file of twelve gigabytes that begins like a kind of checkpoint. */
function writeHuge(name: string, head: string): void {
  const file = openSync(at("hostile", name), "w");
  writeSync(file, Buffer.from(head, "latin1"));
  closeSync(file);
  truncateSync(at("hostile", name), 12 * 2 ** 30);
}

/** What is named by mistake or malice, and what must be said of it. */
const HOSTILE: readonly [string, RegExp, (name: string) => void][] = [
  ["system.pkl", /names posix\.system/, text(`cposix\nsystem\n(S'touch ran'\ntR.`)],
  ["eval.pkl", /names builtins\.eval/, text("\x80\x02cbuiltins\neval\n(X\x01\x00\x00\x001tR.")],
  ["laughs.pkl", /beyond any checkpoint/, text(laughs())],
  [
    "pointer.pth",
    /only a Git LFS pointer/,
    text(`version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 9\n`),
  ],
  ["page.pkl", /is a web page/, text("<!DOCTYPE html><html></html>")],
  ["empty.pt", /is empty/, text("")],
  ["cut.pth", /broken archive/, cut("stylegan1/128.rfm.Gs_dict.pth")],
  ["cut.pkl", /ends after/, cut("stylegan1/32.nvidia.pkl")],
  [
    "folder.pth",
    /is not a file/,
    (name) => {
      mkdirSync(at("hostile", name));
    },
  ],
  ["missing.pth", /does not exist/, () => undefined],
  [
    "huge.pth",
    /no checkpoint or array/,
    (name) => {
      writeHuge(name, "");
    },
  ],
  [
    "huge.pt",
    /broken archive/,
    (name) => {
      writeHuge(name, "PK\x03\x04");
    },
  ],
  [
    "huge.pkl",
    /unknown operation 0/,
    (name) => {
      writeHuge(name, "\x80\x04");
    },
  ],
  [
    "huge.npy",
    /\.npy header/,
    (name) => {
      writeHuge(name, "\x93NUMPY\x01\x00");
    },
  ],
  [
    "huge.safetensors",
    /safetensors header/,
    (name) => {
      writeHuge(name, "\x64\0\0\0\0\0\0\0{");
    },
  ],
  [
    "huge.pkl.gz",
    /broken gzip/,
    (name) => {
      writeHuge(name, "\x1f\x8b\x08\x00");
    },
  ],
];

function text(content: string): (name: string) => void {
  return (name) => {
    writeFileSync(at("hostile", name), Buffer.from(content, "latin1"));
  };
}

function cut(fixture: string): (name: string) => void {
  return (name) => {
    const bytes = readFileSync(fixturePath(fixture));
    writeFileSync(at("hostile", name), bytes.subarray(0, bytes.length >> 1));
  };
}

/** A list in a list in a list, each twice: forty levels are a trillion lists. */
function laughs(): string {
  const level = (at: number): string =>
    `(h${String.fromCharCode(at)}h${String.fromCharCode(at)}lq${String.fromCharCode(at + 1)}`;
  return `\x80\x02]q\x00${Array.from({ length: 40 }, (_, index) => level(index)).join("")}.`;
}

describe("hostile files", () => {
  beforeAll(() => {
    mkdirSync(at("hostile"));
    for (const [name, , write] of HOSTILE) write(name);
  });

  it.each(HOSTILE)("%s is refused by a sentence, and nothing is written or run", async (name, sentence) => {
    const before = readdirSync(at("hostile"));
    const commands = [
      ["inspect", name],
      ["import", name, "--out", "new"],
    ];
    for (const ended of await Promise.all(commands.map((command) => rfm(at("hostile"), ...command)))) {
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toMatch(/^rfm: [^\n]+\.\n$/);
      expect(ended.stderr).toMatch(sentence);
    }
    expect(readdirSync(at("hostile"))).toEqual(before);
  });
});

describe("import", () => {
  const source = fixturePath("stylegan2/rosinality-32.pt");

  it("takes the place of no folder that is not a pack", async () => {
    mkdirSync(at("photos"));
    writeFileSync(at("photos", "me.png"), "me");
    const ended = await run("import", source, "--out", "photos");
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toMatch(/photos is there already and no model pack; choose another name/);
    expect(readdirSync(at("photos"))).toEqual(["me.png"]);
  });

  it("makes the same pack of the same file, in the place of the one that was there", async () => {
    const hash = (): string =>
      createHash("sha256")
        .update(readFileSync(at("again", "model.json")))
        .digest("hex");
    expect((await run("import", source, "--out", "again")).code).toBe(0);
    const first = hash();
    expect((await run("import", source, "--out", "again")).code).toBe(0);
    expect(hash()).toBe(first);
  });
});
