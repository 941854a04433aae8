import type { DirectionSummary, RenderParameters } from "../../../protocol/engine";
import { folderDirections, packDirections, withoutCopies } from "../directionFiles";
import type { Workbench } from "../workbench";

/** `listDirections`: what a session's face can be edited by. */
export async function listDirections(
  workbench: Workbench,
  { session, folders }: { readonly session: number; readonly folders: readonly string[] },
): Promise<readonly DirectionSummary[]> {
  const { model, path } = workbench.session(session);
  const own = await packDirections(model.pack);
  return withoutCopies([...own, ...(await folderDirections(folders, model.pack, path))]);
}

/** `saveDirection` */
export async function saveDirection(
  workbench: Workbench,
  { session, edits, path, name }: RenderParameters & { readonly path: string; readonly name: string },
): Promise<null> {
  await workbench.session(session).saveDirection(edits, path, name, await workbench.runBlock());
  return null;
}
