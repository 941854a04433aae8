import { openScorer, type OpenedScorer } from "../../engine/labels";
import { openScorerPack } from "../../engine/models";
import type { Workbench } from "./workbench";

/**
 * Opens a scorer pack that may be used.
 *
 * @throws RfmError("model" | "file") where it lies outside the allowed folders, is missing or broken
 */
export async function allowedScorer(workbench: Workbench, folder: string): Promise<OpenedScorer> {
  await workbench.checkAllowed(folder);
  return openScorer(folder, await workbench.runtime());
}

/** The scorer of this identity among packs; undefined where none is it. Packs that cannot be read are passed over. */
export async function findScorer(
  workbench: Workbench,
  sha256: string,
  folders: readonly string[],
): Promise<OpenedScorer | undefined> {
  for (const folder of folders) {
    const manifest = await workbench
      .checkAllowed(folder)
      .then(() => openScorerPack(folder))
      .then((pack) => pack.manifest)
      .catch(() => undefined);
    if (manifest?.sha256 === sha256) return allowedScorer(workbench, folder);
  }
  return undefined;
}
