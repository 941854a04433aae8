import type { Edit } from "../../../engine/files";
import type { RenderParameters } from "../../../protocol/engine";
import type { Workbench } from "../workbench";

/** `saveRecipe` */
export async function saveRecipe(
  workbench: Workbench,
  { session, edits, path }: RenderParameters & { readonly path: string },
): Promise<null> {
  await workbench.session(session).saveRecipe(edits, path, await workbench.runBlock());
  return null;
}

/** `readRecipe` */
export function readRecipe(
  workbench: Workbench,
  { session, path }: { readonly session: number; readonly path: string },
): Promise<readonly Edit[]> {
  return workbench.session(session).readRecipe(path);
}
