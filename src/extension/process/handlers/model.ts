import type { ModelSummary } from "../../../protocol/engine";
import { packDirections } from "../directionFiles";
import type { Workbench } from "../workbench";

/** `openModel`: a pack in numbers, with its own directions. Nothing is computed yet. */
export async function openModelPack(
  workbench: Workbench,
  { folder }: { readonly folder: string },
): Promise<ModelSummary> {
  const pack = await workbench.pack(folder);
  const { name, resolution, layers, wDimension, space, psi } = pack.manifest;
  return {
    folder: pack.folder,
    name,
    sha256: pack.sha256,
    resolution,
    layers,
    wDimension,
    space,
    psi: psi.default,
    directions: await packDirections(pack),
  };
}
