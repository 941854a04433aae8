import { RfmError, type ModelReference } from "../../engine/files";
import type { Model, ModelPack } from "../../engine/models";
import type { Workbench } from "./workbench";

/** What kind of document asks for a model, and what its owner may do where the model is missing. */
export interface Asker {
  readonly kind: string;
  readonly remedy: string;
}

const LATENT: Asker = { kind: "latent", remedy: "invert the photo again" };

/**
 * The model of a document among packs, known by the hash of its weights.
 *
 * @throws RfmError("model") where none of them is it, with what there was.
 */
export async function findModel(
  workbench: Workbench,
  wanted: ModelReference,
  document: string,
  folders: readonly string[],
  { kind, remedy }: Asker = LATENT,
): Promise<Model> {
  const packs: ModelPack[] = [];
  const failures: unknown[] = [];
  for (const folder of folders) {
    try {
      const pack = await workbench.pack(folder);
      if (pack.sha256 === wanted.sha256) return await workbench.model(pack);
      packs.push(pack);
    } catch (error) {
      failures.push(error);
    }
  }
  // The one pack there is cannot be opened: that is what has to be put right.
  if (packs.length === 0 && failures.length > 0) throw failures[0];
  const known = packs.map(({ manifest }) => manifest.name).join(", ");
  const others = packs.some(({ manifest }) => manifest.name === wanted.name)
    ? `a model ${wanted.name} of other weights`
    : known === ""
      ? "no model"
      : `only ${known}`;
  throw new RfmError(
    "model",
    `${document} is a ${kind} of the model ${wanted.name} (${wanted.sha256.slice(0, 12)}), but there is ${others} here; add the folder of its model pack or ${remedy}.`,
  );
}
