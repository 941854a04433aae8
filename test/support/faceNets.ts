import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { FaceNets, openFaceNets } from "../../src/engine/faces";
import { buildFaceNetPack } from "../../src/engine/models";
import { openRuntime } from "../../src/engine/runtime";

/** The installed package whose weights the face nets are built from, and whose demo photos tests read. */
export const FACE_API = dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json"));

/** Builds the face nets' pack in a folder of its own and opens it on the CPU. */
export async function testFaceNets(): Promise<{ nets: FaceNets; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "rfm-faces-"));
  await buildFaceNetPack(join(FACE_API, "model"), join(folder, "faces"));
  const runtime = await openRuntime("cpu");
  const nets = await openFaceNets(join(folder, "faces"), runtime);
  return {
    nets,
    close: async () => {
      await nets.dispose();
      await runtime.dispose();
      await rm(folder, { recursive: true });
    },
  };
}
