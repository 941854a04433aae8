/**
 * One inversion by RFM's method that keeps its state whenever it can, and stands still at a chosen iteration or the next that it tells
 * of, so that it can be killed there: node stoppedInversion.js PACK FOLDER [ITERATION]
 *
 * Says `resumed N` and `stopped N`, and at the end `result` with the hash of code and picture, a line each.
 */
import { createHash } from "node:crypto";
import { writeSync } from "node:fs";
import type { FaceNets } from "../../../src/engine/faces";
import { CheckpointFile, RfmInverter } from "../../../src/engine/inversion";
import { openModel, openPack } from "../../../src/engine/models";
import { openRuntime } from "../../../src/engine/runtime";
import { Random } from "../../support/random";

/** More than lies between two states that are kept. */
const LONG = 1e6;
const noFaceNets = { sha256: "none" } as unknown as FaceNets;

// At once, not when the loop gets to it: it stands still.
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

async function main([pack = "", folder = "", stop]: readonly string[]): Promise<void> {
  const runtime = await openRuntime("cpu");
  const model = await openModel(await openPack(pack), runtime);
  const inverter = new RfmInverter(model, noFaceNets, undefined);
  const options = { iterations: 12, perceptual: 0, optimize: "latent" } as const;
  let now = 0;
  const checkpoint = new CheckpointFile(folder, "photo.jpg-1", { kind: "test" }, () => now);
  const x = new Random(6).normals(model.pictureSize).map((value) => Math.tanh(value));
  const { w, reconstruction } = await inverter.invert({ x }, options, {
    checkpoint,
    onProgress: ({ iteration, losses, loss, resumed }) => {
      if (resumed === true) say(`resumed ${iteration}`);
      if (losses === undefined && !Number.isFinite(loss)) return;
      now += LONG;
      if (stop === undefined || iteration < Number(stop)) return;
      say(`stopped ${iteration}`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    },
  });
  await checkpoint.clear();
  say(`result ${createHash("sha256").update(w).update(reconstruction).digest("hex")}`);
  await inverter.dispose();
  await model.dispose();
  await runtime.dispose();
}

void main(process.argv.slice(2));
