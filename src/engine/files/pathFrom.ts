import { relative, sep } from "node:path";

/** A path as a document in a folder remembers it: relative, with slashes on every system. @param folder absolute, as `path` is */
export function pathFrom(folder: string, path: string): string {
  return relative(folder, path).split(sep).join("/");
}
