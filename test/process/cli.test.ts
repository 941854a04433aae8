import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder";
import { ONE_SENTENCE, rfm, successOf } from "./support/rfm";

const ASTRONAUT = join(import.meta.dirname, "..", "fixtures", "photos", "astronaut.png");

const folder = temporaryFolder();
const succeed = (...args: string[]): Promise<Record<string, unknown>> => successOf(folder, ...args);

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
