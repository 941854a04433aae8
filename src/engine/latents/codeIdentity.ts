import { createHash } from "node:crypto";
import type { LatentDocument } from "../files";

/**
 * Identity of a code: SHA-256 over its shape (decimal sizes joined by commas, a newline, as UTF-8) and its numbers as
 * little-endian float32, row-major.
 */
export function codeIdentity(rows: LatentDocument["w"]): string {
  const hash = createHash("sha256").update(`${rows.length},${rows[0]?.length ?? 0}\n`);
  for (const row of rows) hash.update(new Uint8Array(Float32Array.from(row).buffer));
  return hash.digest("hex");
}

/** Identities of a latent's own code and of the bases that were accepted before it. */
export function codeIdentities({ w, history = [] }: Pick<LatentDocument, "w" | "history">): string[] {
  return [w, ...history.map((base) => base.w)].map(codeIdentity);
}
