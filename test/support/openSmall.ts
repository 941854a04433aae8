import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPack, openModel, openPack, type Model } from "../../src/engine/models";
import { openRuntime } from "../../src/engine/runtime";
import { writeSmallSource } from "./smallModel";

/** Builds the random generator of 16 pixels in a folder of its own and opens it on the CPU. */
export async function openSmallModel(): Promise<{ model: Model; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "rfm-small-"));
  await writeSmallSource(folder);
  await buildPack(folder, join(folder, "pack"), "test");
  const runtime = await openRuntime("cpu");
  const model = await openModel(await openPack(join(folder, "pack")), runtime);
  return {
    model,
    close: async () => {
      await model.dispose();
      await runtime.dispose();
      await rm(folder, { recursive: true });
    },
  };
}
