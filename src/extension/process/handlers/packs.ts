import type { WorkProgress } from "../../../protocol/directions";
import type { BrokenPack, PackEntry } from "../../../protocol/imports";
import { packEntry, verifyPackFiles } from "../imports/packEntry";
import type { Call } from "../serve";
import type { Workbench } from "../workbench";

/** `listPacks`: what packs there are in folders; one that cannot be used is told as such. */
export async function listPacks(
  workbench: Workbench,
  { folders }: { readonly folders: readonly string[] },
): Promise<readonly (PackEntry | BrokenPack)[]> {
  return Promise.all(
    folders.map(async (folder) => {
      try {
        await workbench.checkAllowed(folder);
        return await packEntry(folder);
      } catch (error) {
        return { folder, message: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

/** `verifyPack` */
export async function verifyPack(
  workbench: Workbench,
  { folder }: { readonly folder: string },
  { signal, report }: Call<WorkProgress>,
): Promise<PackEntry> {
  await workbench.checkAllowed(folder);
  await verifyPackFiles(folder, {
    signal,
    onProgress: (done, total) => {
      report({ phase: "verify", done, total });
    },
  });
  return packEntry(folder);
}
