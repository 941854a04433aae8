import { isRecord } from "../../protocol/guard";
import type { Edits } from "./edits";

/**
 * What hot exit keeps of a Studio: the document as it was on the disk, and the edits on top. It needs no engine to
 * write, so nothing is lost when the editor shuts down while the engine is gone.
 */
export interface Backup {
  readonly text: string;
  readonly edits: Edits;
}

/** The backup as the bytes of its file. */
export function writeBackup({ text, edits }: Backup): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ kind: "latent-backup", version: 1, text, edits }));
}

/** Reads a backup, or nothing where the bytes are not one of this version. The engine checks the edits in it. */
export function readBackup(bytes: Uint8Array): Backup | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (!isRecord(value) || value.kind !== "latent-backup" || value.version !== 1) return undefined;
    if (typeof value.text !== "string" || !Array.isArray(value.edits)) return undefined;
    return { text: value.text, edits: value.edits as Edits };
  } catch {
    return undefined;
  }
}
