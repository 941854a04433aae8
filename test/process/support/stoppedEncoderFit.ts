/**
 * Fits an encoder as the command line does, with a state kept after every batch, and stands still once so many samples are
 * drawn, so that it can be killed there: node stoppedEncoderFit.js PACK FACES FOLDER SAMPLES [STOP]
 *
 * Says `resumed N` and `stopped N`, and at the end `result` with the hash of the encoder and its errors, a line each.
 */
import { createHash } from "node:crypto";
import { writeSync } from "node:fs";
import { openFaceNets } from "../../../src/engine/faces";
import { CheckpointFile, fitEncoder } from "../../../src/engine/inversion";
import { openModel, openPack } from "../../../src/engine/models";
import { writeModel } from "../../../src/engine/onnx";
import { openRuntime } from "../../../src/engine/runtime";

/** More than lies between two states that are kept. */
const LONG = 1e6;

// At once, not when the loop gets to it: it stands still.
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

async function main([pack = "", faces = "", folder = "", samples, stop]: readonly string[]): Promise<void> {
  const runtime = await openRuntime("cpu");
  const model = await openModel(await openPack(pack), runtime);
  const nets = await openFaceNets(faces, runtime);
  let now = 0;
  const checkpoint = new CheckpointFile(folder, "encoder", { kind: "test" }, () => now);
  const { graph, codeError, pictureError } = await fitEncoder(model, nets, {
    samples: Number(samples),
    checkpoint,
    onProgress: ({ phase, done, resumed }) => {
      if (resumed === true) say(`resumed ${done}`);
      now += LONG;
      if (resumed === true || stop === undefined || phase !== "samples" || done < Number(stop)) return;
      say(`stopped ${done}`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    },
  });
  await checkpoint.clear();
  const hash = createHash("sha256").update(writeModel(graph, { batch: "N" }));
  say(`result ${hash.update(JSON.stringify([codeError, pictureError])).digest("hex")}`);
  await model.dispose();
  await nets.dispose();
  await runtime.dispose();
}

void main(process.argv.slice(2));
