import { access } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { documentSuffix } from "../../files";

/** More copies than this of one photo's latents are a mistake. */
const MAXIMUM_COPIES = 1000;

/**
 * Where the latents of a photo's faces go: `NAME.latent.json`, or `NAME-1`, `NAME-2`, ... for several faces. Without
 * `overwrite` names that are taken are avoided as file managers do: `NAME (2)`.
 */
export async function latentPaths(
  photo: string,
  folder: string,
  faces: number,
  overwrite: boolean,
): Promise<string[]> {
  const name = basename(photo, extname(photo));
  for (let copy = 1; ; copy++) {
    const base = copy === 1 ? name : `${name} (${copy})`;
    const paths = Array.from({ length: faces }, (_, face) =>
      join(folder, `${base}${faces > 1 ? `-${face + 1}` : ""}${documentSuffix("latent")}`),
    );
    if (overwrite || copy === MAXIMUM_COPIES) return paths;
    const taken = await Promise.all(paths.map(exists));
    if (!taken.includes(true)) return paths;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
