import { LATENT_ENDING, PICTURE_ENDINGS } from "../contributions";

/** Whether a file name ends like a picture that can be inverted. */
export function isPicture(fileName: string): boolean {
  const ending = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase();
  return PICTURE_ENDINGS.some((known) => known === ending);
}

/** A file name without its ending: `portrait.png` and `portrait.latent.json` are both `portrait`. */
export function stemOf(fileName: string): string {
  if (fileName.toLowerCase().endsWith(LATENT_ENDING)) return fileName.slice(0, -LATENT_ENDING.length);
  return fileName.replace(/\.[^.]+$/, "");
}

/**
 * The latents of one photo among the names of a folder: `NAME.latent.json`, or `NAME-1`, `NAME-2`... where it
 * shows several faces, each perhaps kept more than once: `NAME (2)`, `NAME-1 (2)`.
 */
export function latentsOf(photoName: string, folder: Iterable<string>): string[] {
  const stem = stemOf(photoName);
  const found = [...folder].flatMap((name) => {
    if (!name.toLowerCase().endsWith(LATENT_ENDING) || !name.startsWith(stem)) return [];
    const match = /^(?:-(\d+))?(?: \((\d+)\))?$/.exec(stemOf(name).slice(stem.length));
    return match === null ? [] : [{ name, face: Number(match[1] ?? 0), copy: Number(match[2] ?? 1) }];
  });
  return found.sort((a, b) => a.face - b.face || a.copy - b.copy).map(({ name }) => name);
}
