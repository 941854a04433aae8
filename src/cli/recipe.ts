import { dirname, relative, resolve, sep } from "node:path";
import { writeDocument, type Edit, type LatentDocument, type RunBlock } from "../engine/files";

/** A path as a document in a folder remembers it. */
export function pathFrom(folder: string, path: string): string {
  return relative(folder, path).split(sep).join("/");
}

/**
 * Writes edits of a latent as a recipe. Where their directions lie is told from the recipe's folder.
 *
 * @param latent path of the document, from whose folder the edits tell it
 */
export async function writeRecipe(
  path: string,
  { model }: LatentDocument,
  latent: string,
  edits: readonly Edit[],
  run: RunBlock,
): Promise<void> {
  const [from, to] = [resolve(dirname(latent)), resolve(dirname(path))];
  const moved = edits.map((edit) => {
    const { direction } = edit;
    return { ...edit, direction: { ...direction, path: pathFrom(to, resolve(from, direction.path)) } };
  });
  await writeDocument(path, { kind: "recipe", version: 1, model, edits: moved, run });
}
