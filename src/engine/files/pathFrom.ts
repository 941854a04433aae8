import { dirname, relative, resolve, sep } from "node:path";
import { RfmError } from "./errors";

/** A path as a document in a folder remembers it: relative, with slashes on every system. @param folder absolute, as `path` is */
export function pathFrom(folder: string, path: string): string {
  return relative(folder, path).split(sep).join("/");
}

/**
 * The file that a document names, from where the document lies.
 *
 * @throws RfmError("document") where that is on another machine, or a device, and the document is not: to look for it would already ask
 * that machine.
 */
export function pathNamed(document: string, name: string): string {
  const own = resolve(document);
  const path = resolve(dirname(own), name);
  if (isRemote(path) && !isRemote(own)) {
    throw new RfmError(
      "document",
      `${document} names a file on another machine (${name}); copy that file beside the document and name the copy.`,
    );
  }
  return path;
}

/** Windows' names of places on other machines, and of devices. */
function isRemote(path: string): boolean {
  return path.startsWith("\\\\");
}
