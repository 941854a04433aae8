import { readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileFailure } from "../../files";

const PHOTO_ENDINGS = new Set([".jpg", ".jpeg", ".png", ".webp", ".avif", ".tif", ".tiff", ".gif"]);

/**
 * The photos that paths name: files as they are, whatever their ending; of folders the pictures right in them, in the order
 * of their names (numbers by their value). Pictures that this program wrote beside a latent are no photos.
 *
 * @throws RfmError("file") where a folder cannot be read.
 */
export async function photosIn(paths: readonly string[]): Promise<string[]> {
  const photos: string[] = [];
  for (const path of paths) {
    if (!(await isFolder(path))) {
      photos.push(path);
      continue;
    }
    const names = (await namesIn(path)).filter(isPhotoName).sort(byName);
    // A folder without any stands for itself: it becomes a piece of the batch that fails.
    if (names.length === 0) photos.push(path);
    photos.push(...names.map((name) => join(path, name)));
  }
  return [...new Set(photos)];
}

function isPhotoName(name: string): boolean {
  return (
    !name.startsWith(".") && PHOTO_ENDINGS.has(extname(name).toLowerCase()) && !/\.edited\.[^.]+$/i.test(name)
  );
}

const order = new Intl.Collator("en", { numeric: true });

function byName(a: string, b: string): number {
  return order.compare(a, b) || (a < b ? -1 : 1);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Whoever reads it says what is wrong with it.
    return false;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    throw fileFailure(folder, "list", error);
  }
}
