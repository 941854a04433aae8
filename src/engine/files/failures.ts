import { RfmError } from "./errors";

/** What was being done to a file when the system refused. */
export type FileAction = "read" | "write" | "lock" | "list";

const VERBS: Record<FileAction, string> = {
  read: "read",
  write: "written",
  lock: "locked",
  list: "listed",
};

/** The reason and the way out for each system error code that people meet. */
const REASONS: Record<string, (action: FileAction) => string> = {
  ENOENT: (action) =>
    action === "write"
      ? "its folder does not exist; create the folder or choose another place"
      : "it does not exist; check the path",
  ENOTDIR: () => "a part of its path is a file, not a folder; check the path",
  EEXIST: () => "something else stands under that name; choose another name",
  EISDIR: (action) =>
    action === "write"
      ? "a folder stands under that name; choose another name"
      : "it is a folder; name a file inside it",
  EACCES: () => "permission is denied; change its permissions or choose another place",
  EPERM: () => "permission is denied; change its permissions or choose another place",
  EROFS: () => "the disk is read-only; choose another place",
  ENOSPC: () => "no space is left on the disk; free some space and try again",
  EDQUOT: () => "the disk quota is used up; free some space and try again",
  EFBIG: () => "the file system does not take files of this size; choose another place",
  EMFILE: () => "too many files are open; close some programs and try again",
  ENFILE: () => "too many files are open; close some programs and try again",
  ELOOP: () => "its symbolic links run in a circle; repair the links",
  ENAMETOOLONG: () => "the name is too long for this file system; choose a shorter one",
  EBUSY: () => "another program holds it; close that program and try again",
  EIO: () => "the disk reports an input/output error; check the disk",
};

/** The system's error code (`ENOENT` ...) of a failed file operation, if it has one. */
export function systemCode(error: unknown): string | undefined {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return undefined;
}

/**
 * Turns an error of `node:fs` into one sentence: which file, what is wrong, what to do.
 * Errors that are already an {@link RfmError} pass through unchanged.
 */
export function fileFailure(path: string, action: FileAction, error: unknown): RfmError {
  if (error instanceof RfmError) return error;
  const code = systemCode(error);
  const reason =
    (code === undefined ? undefined : REASONS[code]?.(action)) ??
    `the system says "${error instanceof Error ? error.message : String(error)}"; check the disk and the path`;
  return new RfmError("file", `${path} cannot be ${VERBS[action]}: ${reason}.`, { cause: error });
}
