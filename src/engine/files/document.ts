import { writeFileAtomically } from "./atomic";
import { canonicalText } from "./canonical";
import { checkConsistency } from "./consistency";
import {
  type AnyDocument,
  type DocumentKind,
  type Documents,
  isDocumentKind,
  KIND_NAMES,
} from "./documents/kinds";
import { RfmError } from "./errors";
import { isJsonObject, type JsonObject, parseJson } from "./json";
import { migrate } from "./migrations";
import { readFileBounded } from "./read";
import { validateDocument } from "./schemas";

/** No document is larger: a latent of 18 x 512 numbers takes a tenth of a megabyte. */
const MAXIMUM_BYTES = 64 << 20;

/**
 * Reads, migrates and checks a document. The size is bounded before anything is read.
 *
 * @throws RfmError ("file" or "document"): one sentence that names the file.
 */
export async function readDocument<Kind extends DocumentKind>(
  path: string,
  kind: Kind,
): Promise<Documents[Kind]> {
  return parseDocument(await readFileBounded(path, MAXIMUM_BYTES), kind, path);
}

/**
 * Parses, migrates and checks the text of a document.
 *
 * @param nameForErrors the file's name, for sentences.
 * @throws RfmError ("document"): one sentence.
 */
export function parseDocument<Kind extends DocumentKind>(
  source: Uint8Array | string,
  kind: Kind,
  nameForErrors: string,
): Documents[Kind] {
  const value = parseJson(source, nameForErrors);
  if (!isJsonObject(value)) {
    throw new RfmError(
      "document",
      `${nameForErrors} is no RFM document; name a .${kind}.json file written by RFM.`,
    );
  }
  checkKind(value, kind, nameForErrors);
  const document = validateDocument(migrate(value, kind, nameForErrors), kind, nameForErrors);
  checkConsistency(document, nameForErrors);
  return document;
}

function checkKind(value: JsonObject, kind: DocumentKind, name: string): void {
  const found = value["kind"];
  if (found === kind) return;
  const holds = isDocumentKind(found) ? `holds a ${KIND_NAMES[found]}` : "is no RFM document";
  throw new RfmError("document", `${name} ${holds}, not a ${KIND_NAMES[kind]}; name a .${kind}.json file.`);
}

/**
 * The canonical text of a document: equal documents give equal bytes. What could not be read back is refused.
 *
 * @throws RfmError ("document") when the document breaks its schema or holds NaN or infinities.
 */
export function serialiseDocument(document: AnyDocument): string {
  const text = canonicalText(document);
  const name = `The new ${KIND_NAMES[document.kind]}`;
  validateDocument(document as unknown as JsonObject, document.kind, name);
  checkConsistency(document, name);
  return text;
}

/**
 * Writes a document in canonical form, atomically.
 *
 * @throws RfmError ("document" or "file"); the old file, if any, is then untouched.
 */
export async function writeDocument(path: string, document: AnyDocument): Promise<void> {
  await writeFileAtomically(path, serialiseDocument(document));
}
