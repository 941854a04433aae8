import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { buildFaceNetPack } from "../../src/engine/models";
import { FACE_API } from "../support/faceNets";
import { temporaryFolder } from "../support/folder";
import { fixturePath } from "../support/wavyPictures";
import { bundle } from "./support/bundle";
import { runUntilStopped } from "./support/runUntilStopped";
import { rfm } from "./support/rfm";

/** Of which 20 are held out. */
const SAMPLES = 200;
const folder = temporaryFolder();
let program: string;

beforeAll(async () => {
  const files = ["Gs_dict.pth", "Gm_dict.pth", "center_tensor.pt"].map((part) =>
    fixturePath(`stylegan1/64.rfm.${part}`),
  );
  expect((await rfm(folder, "import", ...files, "--out", "pack")).code).toBe(0);
  await buildFaceNetPack(join(FACE_API, "model"), join(folder, "faces"));
  program = await bundle("test/process/support/stoppedEncoderFit.ts", "stopped-encoder-fit");
});

/** Runs to the end, or to a number of samples at which it is killed. @returns the lines that it said */
function run(place: string, stop?: number): Promise<string[]> {
  mkdirSync(join(folder, place), { recursive: true });
  const paths = [join(folder, "pack"), join(folder, "faces"), join(folder, place), String(SAMPLES)];
  return runUntilStopped(
    program,
    [...paths, ...(stop === undefined ? [] : [String(stop)])],
    stop !== undefined,
  );
}

it("goes on after the samples of a fit that was killed, to the same encoder", async () => {
  const [whole] = await run("whole");
  expect(whole).toMatch(/^result [0-9a-f]{64}$/);
  await run("killed", 90);
  expect(readdirSync(join(folder, "killed"))).toEqual([expect.stringMatching(/^\.encoder\..*\.checkpoint$/)]);
  // Killed again among those that are held out.
  const [first = ""] = await run("killed", 195);
  expect(Number(/^resumed (\d+)$/.exec(first)?.[1])).toBeGreaterThan(60);
  const [second = "", result] = await run("killed");
  expect(Number(/^resumed (\d+)$/.exec(second)?.[1])).toBeGreaterThan(180);
  expect(result).toBe(whole);
  expect(readdirSync(join(folder, "killed"))).toEqual([]);
});
