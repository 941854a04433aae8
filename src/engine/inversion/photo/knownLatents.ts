import { readdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { documentSuffix, readDocument, RfmError, type LatentDocument } from "../../files";

/** A latent that an earlier run made by the very same work. */
export interface KnownLatent {
  readonly path: string;
  readonly document: LatentDocument;
}

/**
 * The latents of a photo's faces, by face, that an earlier run made by the same work: the same photo, model, method and
 * settings. They are looked for under the photo's name in the folder where they would be written.
 *
 * @param work what {@link InversionRecord.work} says of such a latent
 * @param isDone whether a latent has all that is wanted of it
 */
export async function knownLatents(
  photo: { readonly path: string; readonly sha256: string },
  folder: string,
  work: string,
  isDone: (document: LatentDocument) => boolean,
): Promise<ReadonlyMap<number, KnownLatent>> {
  const found = new Map<number, KnownLatent>();
  const name = basename(photo.path, extname(photo.path));
  for (const file of await latentsNamed(name, folder)) {
    const path = join(folder, file);
    const document = await readLatent(path);
    const { source, inversion } = document ?? {};
    if (document === undefined || source?.sha256 !== photo.sha256 || inversion?.work !== work) continue;
    if (isDone(document) && !found.has(source.face)) found.set(source.face, { path, document });
  }
  return found;
}

/** Whether these are the latents of all faces that their photo shows. */
export function areAll(latents: ReadonlyMap<number, KnownLatent>): boolean {
  const count = [...latents.values()][0]?.document.source?.faces ?? 0;
  return count > 0 && Array.from({ length: count }, (_, face) => face).every((face) => latents.has(face));
}

/** Names as {@link LatentNames} makes them. */
async function latentsNamed(name: string, folder: string): Promise<string[]> {
  const suffix = documentSuffix("latent");
  try {
    const names = await readdir(folder);
    const rest = (file: string): string => file.slice(name.length, -suffix.length);
    return names
      .filter((file) => file.startsWith(name) && file.endsWith(suffix))
      .filter((file) => /^( \(\d+\))?(-\d+)?$/.test(rest(file)))
      .sort();
  } catch {
    // A folder that is not there yet holds none; one that cannot be read is told of when it is written to.
    return [];
  }
}

/** A latent; what is broken, or of another version, is as none. */
export async function readLatent(path: string): Promise<LatentDocument | undefined> {
  try {
    return await readDocument(path, "latent");
  } catch (error) {
    if (error instanceof RfmError) return undefined;
    throw error;
  }
}
