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
 * shows several faces.
 */
export function latentsOf(photoName: string, folder: Iterable<string>): string[] {
  const stem = stemOf(photoName);
  const numbered = [...folder].flatMap((name) => {
    if (!name.toLowerCase().endsWith(LATENT_ENDING)) return [];
    const latent = stemOf(name);
    if (latent === stem) return [{ name, number: 0 }];
    const number = latent.startsWith(`${stem}-`) ? latent.slice(stem.length + 1) : "";
    return /^\d+$/.test(number) ? [{ name, number: Number(number) }] : [];
  });
  return numbered.sort((a, b) => a.number - b.number).map(({ name }) => name);
}
