import { basename, dirname } from "node:path";

/** Longest name of a pack. */
const LONGEST = 64;
/** Names of files that tell nothing: their folder's name tells more. */
const TELLS_NOTHING =
  /^(?:g|gs|gm|gs_dict|gm_dict|center_tensor|generator|model|checkpoint|weights|network|e|ema|latest)$/i;

/** A file's name without the endings of its format. */
export function stem(path: string): string {
  return basename(path)
    .replace(/\.gz$/i, "")
    .replace(/\.(?:pth|pt|pkl|npy|npz|safetensors|onnx|json)$/i, "");
}

/**
 * The name that a pack is proposed under: the largest file's, or its folder's where that tells nothing; numbered where it is
 * taken.
 */
export function proposedName(
  files: readonly { readonly path: string; readonly bytes: number }[],
  taken: readonly string[],
): string {
  const [largest] = [...files].sort((a, b) => b.bytes - a.bytes);
  const own = largest === undefined ? "" : stem(largest.path);
  const name = plain(TELLS_NOTHING.test(own) && largest ? basename(dirname(largest.path)) : own);
  for (let copy = 1; ; copy++) {
    const numbered = copy === 1 ? name : `${name}-${copy}`;
    if (!isTaken(numbered, taken)) return numbered;
  }
}

/** Whether a text can be a pack's name: letters, digits, dots, dashes, underscores. */
export function isPackName(text: string): boolean {
  return new RegExp(`^[A-Za-z0-9][A-Za-z0-9._-]{0,${LONGEST - 1}}$`).test(text) && !text.endsWith(".");
}

/** Some file systems do not tell capitals apart. */
export function isTaken(name: string, taken: readonly string[]): boolean {
  return taken.some((other) => other.toLowerCase() === name.toLowerCase());
}

function plain(name: string): string {
  const cut = name
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, LONGEST - 8)
    .replace(/[.-]+$/, "");
  return cut === "" ? "model" : cut;
}
