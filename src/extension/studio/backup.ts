import type { TunedRecord } from "../../engine/files";
import { isFinite, isRecord, isString } from "../../protocol/guard";
import type { Edits } from "./edits";

/**
 * What hot exit keeps of a Studio: the document as it was on the disk, and the edits on top. It needs no engine to
 * write, so nothing is lost when the editor shuts down while the engine is gone.
 */
export interface Backup {
  readonly text: string;
  readonly edits: Edits;
  /** Missing where the face was never matched. */
  readonly tuned?: TunedRecord | undefined;
}

/** The backup as the bytes of its file. */
export function writeBackup({ text, edits, tuned }: Backup): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ kind: "latent-backup", version: 1, text, edits, tuned }));
}

/** Reads a backup, or nothing where the bytes are not one of this version. The engine checks the edits in it. */
export function readBackup(bytes: Uint8Array): Backup | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (!isRecord(value) || value.kind !== "latent-backup" || value.version !== 1) return undefined;
    if (typeof value.text !== "string" || !Array.isArray(value.edits)) return undefined;
    const { text, edits, tuned } = value;
    return { text, edits: edits as Edits, ...(isTuned(tuned) && { tuned }) };
  } catch {
    return undefined;
  }
}

function isTuned(value: unknown): value is TunedRecord {
  return isRecord(value) && isString(value.path) && isString(value.sha256) && isFinite(value.amount);
}
