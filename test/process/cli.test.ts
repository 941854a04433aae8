import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { readNpyFile, toFloat32, writeNpy } from "../../src/engine/checkpoints";
import { editAlong, readDirection } from "../../src/engine/directions";
import { type LatentDocument, readDocument, serialiseDocument } from "../../src/engine/files";
import { temporaryFolder } from "../support/folder";
import { Random } from "../support/random";
import { writeBadPhotos } from "./support/badPhotos";
import { resultOf, rfm, startRfm } from "./support/rfm";

const FIXTURES = join(import.meta.dirname, "..", "fixtures");
const MODELS = join(import.meta.dirname, "..", "..", "dist", "models");
const PHOTOS = join(FIXTURES, "photos");
const ASTRONAUT = join(PHOTOS, "astronaut.png");
const ONE_SENTENCE = /^rfm: [^\n]+\n$/;

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);

async function array(name: string): Promise<{ shape: readonly number[]; data: Float32Array }> {
  const tensor = await readNpyFile(at(name));
  return { shape: tensor.shape, data: toFloat32(tensor) };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] ?? NaN))), 0);
}

/** Runs a command that must succeed. */
async function succeed(...args: string[]): Promise<Record<string, unknown>> {
  const ended = await rfm(folder, ...args, "--json", "--provider", "cpu");
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  return resultOf(ended);
}

beforeAll(async () => {
  await succeed("seeds", "0,1,4294967295", "--out", "z.npy");
  await succeed("map", "z.npy", "--out", "w.npy");
  await succeed("invert", ASTRONAUT, "--out", "latents", "--iterations", "4");
});

describe("help", () => {
  it("lists the commands, and tells each one's options", async () => {
    const [main, edit, version] = await Promise.all([
      rfm(folder, "--help"),
      rfm(folder, "edit", "--help"),
      rfm(folder, "--version"),
    ]);
    const commands = "doctor seeds map synthesize encode classify align invert label fit edit";
    for (const name of commands.split(" ")) expect(main.stdout).toMatch(new RegExp(`^  ${name} `, "m"));
    expect(edit.stdout).toContain("--direction <D=AMOUNT...>");
    expect(edit.stdout).toContain("--provider <name>");
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect([main.code, edit.code, version.code]).toEqual([0, 0, 0]);
  });
});

describe("wrong usage", () => {
  it.each<[string[], string]>([
    [["bogus"], "unknown command 'bogus'"],
    [["seeds", "0:3"], "'--out <z.npy>' not specified"],
    [["seeds", "3:0", "--out", "x.npy"], "The range 3:0 is empty"],
    [["seeds", "0:3", "--out", "x.npy", "--provider", "abacus"], "'abacus' is invalid"],
    [["map", "z.npy", "--psi", "much"], '--psi is "much"; give a number'],
    [["synthesize", "w.npy", "--size", "0", "--out", "pictures"], '--size is "0"'],
    [["synthesize", "w.npy", "--out", "one.png"], "w.npy holds 3 latents; name a folder"],
    [["edit", join("latents", "astronaut.latent.json"), "--direction", "smile"], "such as smile=1.5"],
    [["edit", join("latents", "astronaut.latent.json"), "--out", "x.docx"], "no ending of a picture format"],
    [["fit", "--latents", "w.npy", "--out", "x"], "both --latents and --labels"],
    [["invert", ASTRONAUT, "--iterations", "-1"], '--iterations is "-1"'],
  ])("%j ends with 2 and a sentence", async (args, said) => {
    const { code, stdout, stderr } = await rfm(folder, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^rfm: /);
    expect(stderr).toContain(said);
  });
});

describe("seeds, map, synthesize, encode and classify", () => {
  it("draws z as PyTorch does", async () => {
    const { latents } = JSON.parse(readFileSync(join(FIXTURES, "latents", "seeds.json"), "utf8")) as {
      latents: { seed: number; z: number[] }[];
    };
    const { shape, data } = await array("z.npy");
    expect(shape).toEqual([3, 512]);
    for (const [row, seed] of [0, 1, 4_294_967_295].entries()) {
      const reference = latents.find((latent) => latent.seed === seed)?.z ?? [];
      expect(largestDifference(data.subarray(row * 512, (row + 1) * 512), reference)).toBeLessThan(1e-6);
    }
  });

  it("maps with the pack's truncation or another", async () => {
    await succeed("map", "z.npy", "--psi", "0", "--out", "average.npy");
    await succeed("map", "z.npy", "--psi", "1", "--cutoff", "none", "--out", "whole.npy");
    const [own, average, whole] = await Promise.all(["w.npy", "average.npy", "whole.npy"].map(array));
    if (own === undefined || average === undefined || whole === undefined) throw new Error("three arrays");
    expect(own.shape).toEqual([3, 10, 512]);
    expect(average.data.subarray(0, 512)).toEqual(average.data.subarray(10 * 512, 11 * 512));
    // The embedded model's own psi is 0.7 on all layers.
    const expected = whole.data.map(
      (value, i) => (average.data[i] ?? 0) + 0.7 * (value - (average.data[i] ?? 0)),
    );
    expect(largestDifference(own.data, expected)).toBeLessThan(1e-5);
  });

  it("makes the same faces as an array and as pictures, and codes and scores them", async () => {
    const made = await succeed("synthesize", "w.npy", "--out", "x.npy");
    expect(made["shape"]).toEqual([3, 3, 64, 64]);
    const { paths } = (await succeed("synthesize", "w.npy", "--out", "faces")) as { paths: string[] };
    expect(paths).toEqual(["0000", "0001", "0002"].map((name) => join("faces", `${name}.png`)));
    const { data } = await array("x.npy");
    const pixels = await sharp(at("faces", "0001.png")).raw().toBuffer();
    const plane = 64 * 64;
    for (const [x, y, channel] of [
      [0, 0, 0],
      [31, 40, 1],
      [63, 63, 2],
    ] as const) {
      const value = ((data[(3 + channel) * plane + y * 64 + x] ?? NaN) + 1) * 127.5;
      const expected = Math.min(255, Math.max(0, value));
      expect(Math.abs((pixels[(y * 64 + x) * 3 + channel] ?? NaN) - expected)).toBeLessThanOrEqual(0.51);
    }
    await succeed("synthesize", "w.npy", "--size", "100", "--out", "large");
    expect(await sharp(at("large", "0002.png")).metadata()).toMatchObject({ width: 100, height: 100 });

    expect((await succeed("encode", "x.npy", "--out", "encoded.npy"))["shape"]).toEqual([3, 10, 512]);
    const scored = (await succeed("classify", ...paths, "--out", "scores.npy")) as {
      shape: number[];
      attributes: string[];
    };
    expect(scored.shape).toEqual([3, scored.attributes.length]);
    expect(scored.attributes).toEqual(expect.arrayContaining(["age", "gender", "smile", "yaw"]));
    const age = (await array("scores.npy")).data[scored.attributes.indexOf("age")] ?? NaN;
    expect(age).toBeGreaterThan(1);
    expect(age).toBeLessThan(100);
  });

  it("refuses arrays that are none, of other shapes, or with NaN", async () => {
    writeFileSync(at("text.npy"), "no array");
    writeFileSync(at("short.npy"), writeNpy(new Float32Array(30), [3, 10]));
    writeFileSync(at("nan.npy"), writeNpy(new Float32Array(512).fill(NaN), [1, 512]));
    for (const [name, said] of [
      ["text.npy", "is no NumPy array"],
      ["short.npy", "has the shape [3,10], but this model takes [n,512]"],
      ["nan.npy", "holds NaN or infinite numbers"],
      ["none.npy", "none.npy"],
    ] as const) {
      const { code, stderr } = await rfm(folder, "map", name, "--out", "never.npy");
      expect(code).toBe(1);
      expect(stderr).toMatch(ONE_SENTENCE);
      expect(stderr).toContain(said);
    }
    expect(existsSync(at("never.npy"))).toBe(false);
  });
});

describe("align and invert", () => {
  it("do the rest of a batch, and say one sentence about each bad photo", async () => {
    const bad = writeBadPhotos(folder, PHOTOS);
    cpSync(ASTRONAUT, at("astronaut.png"));
    const photos = [...bad.slice(0, 4), { name: "astronaut.png" }, ...bad.slice(4)].map(({ name }) => name);
    for (const args of [
      ["align", ...photos, "--out", "aligned"],
      ["invert", ...photos, "--out", "inverted", "--iterations", "1"],
    ]) {
      const ended = await rfm(folder, ...args, "--json", "--provider", "cpu");
      expect(ended.code).toBe(1);
      const sentences = ended.stderr.trimEnd().split("\n");
      expect(sentences).toHaveLength(bad.length);
      const failed = resultOf(ended)["failed"] as { piece: string; message: string }[];
      for (const [index, { name, said }] of bad.entries()) {
        expect(failed[index]?.piece).toBe(name);
        expect(failed[index]?.message).toMatch(said);
        expect(sentences[index]).toBe(`rfm: ${failed[index]?.message ?? ""}`);
        expect(sentences[index]).toContain(name);
      }
    }
    expect(readdirSync(at("aligned"))).toEqual(["astronaut.png"]);
    expect(readdirSync(at("inverted"))).toEqual([
      "astronaut.latent.json",
      "inversions.csv",
      "inversions.html",
    ]);
    expect(await sharp(at("aligned", "astronaut.png")).metadata()).toMatchObject({ width: 64, height: 64 });
  });

  it("writes a latent that says where it came from", async () => {
    const latent = await readDocument(at("latents", "astronaut.latent.json"), "latent");
    expect(latent).toMatchObject({ model: { name: "demo" }, space: "w+", shape: [10, 512], edits: [] });
    expect(latent.source?.landmarks).toHaveLength(68);
    expect(latent.inversion).toMatchObject({ method: "fast", iterations: 4 });
    expect(latent.metrics?.psnr).toBeGreaterThan(18);
  });

  it("does not let photos of one name overwrite each other", async () => {
    mkdirSync(at("elsewhere"));
    cpSync(ASTRONAUT, at("elsewhere", "astronaut.png"));
    const twin = join("elsewhere", "astronaut.png");
    const ended = await rfm(folder, "align", ASTRONAUT, twin, "--out", "twins", "--provider", "cpu");
    expect(ended).toMatchObject({
      code: 1,
      stdout: `${join("twins", "astronaut.png")}\n`,
      stderr: `rfm: ${twin} has the same name as ${ASTRONAUT}; align it into another folder.\n`,
    });
  });

  it("aligns to a size and a framing of choice", async () => {
    const { faces } = (await succeed("align", ASTRONAUT, "--out", "ffhq", "--ffhq", "--size", "200")) as {
      faces: { path: string; quad: [number, number][] }[];
    };
    expect(faces).toHaveLength(1);
    expect(await sharp(at(faces[0]?.path ?? "")).metadata()).toMatchObject({ width: 200, height: 200 });
  });

  it("keeps the best so far when interrupted, and leaves no part of a file when killed", async () => {
    const start = (out: string): ReturnType<typeof startRfm> =>
      startRfm(
        folder,
        "invert",
        ASTRONAUT,
        "--out",
        out,
        "--iterations",
        "100000",
        "--json",
        "--provider",
        "cpu",
      );
    const interrupted = start("interrupted");
    await interrupted.printed('"pixel":');
    interrupted.child.kill("SIGINT");
    const ended = await interrupted.ended;
    expect(ended).toMatchObject({ code: 130, stderr: "rfm: interrupted.\n" });
    expect(resultOf(ended)).toMatchObject({ cancelled: true });
    const kept = await readDocument(at("interrupted", "astronaut.latent.json"), "latent");
    expect(kept.inversion?.iterations).toBeLessThan(100_000);

    const killed = start("killed");
    await killed.printed('"phase":"optimise"');
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(readdirSync(at("killed"))).toEqual([]);
  });

  it("ends at once at the second interruption", async () => {
    const running = startRfm(folder, "label", "0:100000", "--out", "endless", "--json", "--provider", "cpu");
    await running.printed('"progress"');
    running.child.kill("SIGINT");
    running.child.kill("SIGTERM");
    expect((await running.ended).code).toBe(130);
  });

  const mounted = canMount();
  it.skipIf(!mounted)("says that the disk is full and leaves nothing behind", async () => {
    mkdirSync(at("disk"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=40k", "tmpfs", at("disk")]);
    try {
      const ended = await rfm(
        folder,
        "invert",
        ASTRONAUT,
        "--out",
        "disk",
        "--iterations",
        "0",
        "--provider",
        "cpu",
      );
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(ONE_SENTENCE);
      expect(ended.stderr).toContain("no space is left on the disk; free some space");
      expect(readdirSync(at("disk"))).toEqual([]);
    } finally {
      execFileSync("umount", [at("disk")]);
    }
  });
});

describe("label and fit", () => {
  it("labels seeds, goes on after an interruption, and fits directions that edit uses", async () => {
    await succeed("label", "0:48", "--batch", "8", "--out", "whole");
    const running = startRfm(
      folder,
      "label",
      "0:48",
      "--batch",
      "8",
      "--out",
      "parts",
      "--json",
      "--provider",
      "cpu",
    );
    await running.printed('"done":8');
    running.child.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
    expect((await rfm(folder, "label", "0:48", "--batch", "8", "--out", "parts")).stderr).toContain(
      "--resume",
    );
    await succeed("label", "0:48", "--batch", "8", "--out", "parts", "--resume");
    const shards = readdirSync(at("whole.labels"));
    expect(readdirSync(at("parts.labels"))).toEqual(shards);
    for (const shard of shards) {
      expect(readFileSync(at("parts.labels", shard)).equals(readFileSync(at("whole.labels", shard)))).toBe(
        true,
      );
    }

    const fit = ["fit", "whole.labels.json", "--attribute", "yaw", "--layers", "0:10", "--no-measure"];
    expect(await rfm(folder, ...fit, "--out", "directions", "--provider", "cpu")).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^rfm: warning: 48 faces are fewer than the 512 coordinates/) as string,
    });
    const direction = await readDocument(at("directions", "yaw.direction.json"), "direction");
    expect(direction).toMatchObject({
      attribute: "yaw",
      group: "pose",
      space: "w",
      shape: [512],
      layers: [0, 10],
    });
    expect(direction.labelSet?.name).toBe("whole");
    expect(direction.samples).toMatchObject({ train: 39, test: 9 });

    const latent = join("latents", "astronaut.latent.json");
    const path = join("directions", "yaw.direction.json");
    await succeed("edit", latent, "--out", "base.png");
    await succeed("edit", latent, "--direction", `${path}=0`, "--out", "zero.png");
    const { edits } = (await succeed("edit", latent, "--direction", `${path}=3`, "--out", "three.png")) as {
      edits: object[];
    };
    expect(edits).toEqual([{ direction: "yaw", amount: 3, layers: [0, 10], muted: false }]);
    const [base, zero, three] = ["base.png", "zero.png", "three.png"].map((name) => readFileSync(at(name)));
    expect(zero?.equals(base ?? Buffer.of())).toBe(true);
    expect(three?.equals(base ?? Buffer.of())).toBe(false);
  });

  it("fits bare arrays: a direction that was put there is found", async () => {
    const [n, dimension] = [600, 512];
    const random = new Random(3);
    const w = random.normals(n * dimension);
    const labels = Float32Array.from({ length: n }, (_, row) => ((w[row * dimension + 7] ?? 0) > 0 ? 1 : 0));
    writeFileSync(at("codes.npy"), writeNpy(w, [n, dimension]));
    writeFileSync(at("labels.npy"), writeNpy(labels, [n]));
    await succeed(
      "fit",
      "--latents",
      "codes.npy",
      "--labels",
      "labels.npy",
      "--attribute",
      "seventh",
      "--out",
      "bare",
    );
    const direction = await readDocument(at("bare", "seventh.direction.json"), "direction");
    const vector = direction.vector as readonly number[];
    expect(vector.indexOf(Math.max(...vector))).toBe(7);
    expect(direction.threshold).toBe(0.5);
    expect(direction.accuracy?.test).toBeGreaterThan(0.9);
  });
});

describe("edit", () => {
  const latent = join("latents", "astronaut.latent.json");

  it("takes the pack's directions by name, several at once, and adds what the latent has saved", async () => {
    const document = await readDocument(at(latent), "latent");
    const { edits } = (await succeed(
      "edit",
      latent,
      "--direction",
      "smile=-2",
      "age=1.5",
      "--out",
      "two.png",
    )) as {
      edits: { direction: string; amount: number }[];
    };
    expect(edits).toMatchObject([
      { direction: "smile", amount: -2 },
      { direction: "age", amount: 1.5 },
    ]);
    const smile = await readDirection(join(MODELS, "demo", "directions", "smile.direction.json"));
    writeFileSync(at("saved.latent.json"), serialiseDocument({ ...document, edits: [editAlong(smile, -2)] }));
    await succeed("edit", "saved.latent.json", "--direction", "age=1.5", "--out", "saved.png");
    expect(readFileSync(at("saved.png")).equals(readFileSync(at("two.png")))).toBe(true);
    await succeed("edit", "saved.latent.json", "--base");
    await succeed("edit", latent, "--out", "plain.png");
    expect(readFileSync(at("saved.edited.png")).equals(readFileSync(at("plain.png")))).toBe(true);
    expect(readFileSync(at("saved.png")).equals(readFileSync(at("plain.png")))).toBe(false);
  });
});

describe("edit with a bad latent", () => {
  it("says one sentence, ends with 1 and makes no picture", async () => {
    const good = await readDocument(at("latents", "astronaut.latent.json"), "latent");
    const text = serialiseDocument(good);
    const variant = (change: Partial<LatentDocument>): string => serialiseDocument({ ...good, ...change });
    const other = { name: "other", sha256: "0".repeat(64) };
    const files: Record<string, [text: string, said: string]> = {
      "other.latent.json": [variant({ model: other }), "is a latent of the model other, not of demo"],
      "shape.latent.json": [
        variant({ shape: [9, 512], w: good.w.slice(1) }),
        "in w+ of 9x512, but demo takes w+ of 10x512",
      ],
      "lie.latent.json": [text.replace("[10, 512]", "[1000000, 1000]"), "its shape says 1000000 x 1000"],
      "nan.latent.json": [text.replace(/"norm": [^,]+/, '"norm": NaN'), "NaN is no number at line"],
      "null.latent.json": [
        text.replace(/\[\n {4}\[[^,]+/, "[\n    [null"),
        '"w[0][0]" must be number but is null',
      ],
      "half.latent.json": [text.slice(0, text.length / 2), "it ends in the middle"],
      "newer.latent.json": [text.replace('"version": 1', '"version": 2'), "update RFM"],
      "empty.latent.json": ["", "is empty"],
    };
    for (const [name, [content, said]] of Object.entries(files)) {
      writeFileSync(at(name), content);
      const { code, stderr } = await rfm(folder, "edit", name, "--out", "never.png");
      expect(code).toBe(1);
      expect(stderr).toMatch(ONE_SENTENCE);
      expect(stderr).toContain(name);
      expect(stderr).toContain(said);
    }
    const latent = join("latents", "astronaut.latent.json");
    const unknown = await rfm(folder, "edit", latent, "--direction", "wings=1", "--out", "never.png");
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toMatch(/^rfm: The model demo has no direction wings \(.*\); .*\n$/);
    expect(existsSync(at("never.png"))).toBe(false);
    const nowhere = await rfm(folder, "edit", latent, "--out", join("absent", "x.png"));
    expect(nowhere.stderr).toContain("its folder does not exist; create the folder");
  });
});

describe("doctor", () => {
  it("tells versions, providers and packs, and fails for a pack that is none", async () => {
    const report = await succeed("doctor");
    expect(report["providers"]).toMatchObject({ provider: "cpu" });
    expect(report["packs"]).toEqual([expect.objectContaining({ name: "demo", resolution: 64 })]);
    const { code, stderr } = await rfm(folder, "doctor", "--provider", "cpu", "--model", "latents");
    expect(code).toBe(1);
    expect(stderr).toMatch(ONE_SENTENCE);
    expect(stderr).toContain("is no model pack");
  });
});

/** Whether this user may mount a small disk. */
function canMount(): boolean {
  const probe = at("probe");
  mkdirSync(probe);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=40k", "tmpfs", probe], { stdio: "ignore" });
    execFileSync("umount", [probe]);
    return true;
  } catch {
    return false;
  }
}
