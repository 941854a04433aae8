import { stat } from "node:fs/promises";
import { join } from "node:path";
import { openPerceptual, type Perceptual } from "../../../engine/models";
import type { Runtime } from "../../../engine/runtime";
import { packEntry, verifyPackFiles } from "../imports/packEntry";

/**
 * The newest whole pack of LPIPS among folders, or none. One that is damaged is told on the log, and an older one takes its
 * place.
 */
export async function newestPerceptual(
  folders: readonly string[],
  runtime: Runtime,
): Promise<Perceptual | undefined> {
  const dated = await Promise.all(
    folders.map(async (folder) => ({ folder, time: await perceptualTime(folder) })),
  );
  const ordered = dated
    .flatMap(({ folder, time }) => (time === undefined ? [] : [{ folder, time }]))
    .sort((a, b) => b.time - a.time);
  for (const { folder } of ordered) {
    try {
      await verifyPackFiles(folder);
      return await openPerceptual(folder, runtime);
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
    }
  }
  return undefined;
}

/** When a folder became a perceptual pack; undefined where it is none. */
async function perceptualTime(folder: string): Promise<number | undefined> {
  try {
    if ((await packEntry(folder)).kind !== "perceptual") return undefined;
    return (await stat(join(folder, "model.json"))).mtimeMs;
  } catch {
    return undefined;
  }
}
