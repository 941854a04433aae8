import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import {
  pathFrom,
  readDocument,
  RfmError,
  writeDocument,
  type Edit,
  type ModelReference,
  type RunBlock,
} from "../../files";

/** What a recipe is made of beside its edits. */
export interface RecipeOptions {
  readonly model: ModelReference;
  /** The document from whose folder the edits tell where their directions lie. */
  readonly from: string;
  readonly run: RunBlock;
}

/**
 * Writes edits as a recipe, `NAME.recipe.json`. Where their directions lie is told from the recipe's folder.
 *
 * @throws RfmError("file") where it cannot be written
 */
export async function writeRecipe(
  path: string,
  edits: readonly Edit[],
  { model: { name, sha256 }, from, run }: RecipeOptions,
): Promise<void> {
  const moved = await seenFrom(path, from, edits);
  await writeDocument(path, { kind: "recipe", version: 1, model: { name, sha256 }, edits: moved, run });
}

/**
 * The edits of a recipe, once it is known to be one for the model.
 *
 * @param document from whose folder the edits shall tell where their directions lie; default: the recipe itself
 * @throws RfmError("file" | "document") where it is no recipe, RfmError("model") where it is one for another model
 */
export async function readRecipe(
  path: string,
  model: ModelReference,
  document = path,
): Promise<readonly Edit[]> {
  const { model: wanted, edits } = await readDocument(path, "recipe");
  if (wanted.sha256 !== model.sha256) {
    throw new RfmError(
      "model",
      `${path} is a recipe for the model ${wanted.name}, not for ${model.name}; use it with its own model.`,
    );
  }
  return seenFrom(document, path, edits);
}

/**
 * Edits of one document as another one tells them. A path that leads to no file stays as it is: it may be a name out of a
 * model pack, and the edit carries its vector.
 */
async function seenFrom(document: string, from: string, edits: readonly Edit[]): Promise<readonly Edit[]> {
  const [old, folder] = [dirname(resolve(from)), dirname(resolve(document))];
  if (old === folder) return edits;
  return Promise.all(
    edits.map(async (edit) => {
      const { direction } = edit;
      const file = resolve(old, direction.path);
      const isThere = await stat(file).then(
        () => true,
        () => false,
      );
      return isThere ? { ...edit, direction: { ...direction, path: pathFrom(folder, file) } } : edit;
    }),
  );
}
