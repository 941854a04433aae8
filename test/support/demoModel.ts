import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openFaceNets, type FaceNets } from "../../src/engine/faces";
import { buildFaceNetPack, buildPack, openModel, openPack, type Model } from "../../src/engine/models";
import { openRuntime } from "../../src/engine/runtime";
import { FACE_API } from "./faceNets";

/** A path inside the repository. */
export const repository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * Builds the embedded model and the face nets in a folder of their own and opens both on the CPU.
 *
 * @param encoder whether the model keeps its encoder
 */
export async function openDemoModel({ encoder = true } = {}): Promise<{
  model: Model;
  nets: FaceNets;
  close: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), "rfm-demo-"));
  await buildPack(repository("models/demo"), join(folder, "demo"), "test");
  if (!encoder) await withoutEncoder(join(folder, "demo", "model.json"));
  await buildFaceNetPack(join(FACE_API, "model"), join(folder, "faces"));
  const runtime = await openRuntime("cpu");
  const model = await openModel(await openPack(join(folder, "demo")), runtime);
  const nets = await openFaceNets(join(folder, "faces"), runtime);
  return {
    model,
    nets,
    close: async () => {
      await model.dispose();
      await nets.dispose();
      await runtime.dispose();
      await rm(folder, { recursive: true });
    },
  };
}

async function withoutEncoder(path: string): Promise<void> {
  const manifest = JSON.parse(await readFile(path, "utf8")) as { readonly files: Record<string, object> };
  const { encoder: _, ...files } = manifest.files;
  await writeFile(path, JSON.stringify({ ...manifest, files }));
}
