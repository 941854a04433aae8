import { type DocumentKind, KIND_NAMES } from "./documents/kinds";
import { RfmError } from "./errors";
import type { JsonObject } from "./json";

/** Turns a document of one version into the next; must not change its argument. */
export type Migration = (document: JsonObject) => JsonObject;

/**
 * The steps to the current version, per kind: entry i turns version i + 1 into version i + 2. The current
 * version is therefore the list's length + 1. To change a format, add a step here, raise `version` in the
 * schema and in `documents/`, and keep a document of the old version among the fixtures.
 */
const MIGRATIONS: Readonly<Record<DocumentKind, readonly Migration[]>> = {
  latent: [],
  direction: [],
  labels: [],
  recipe: [],
};

/** The version that this program writes. */
export function currentVersion(kind: DocumentKind): number {
  return MIGRATIONS[kind].length + 1;
}

/**
 * Brings a parsed document to the current version.
 *
 * @throws RfmError ("document") when the version is newer than this program or no version at all.
 */
export function migrate(
  document: JsonObject,
  kind: DocumentKind,
  name: string,
  steps: readonly Migration[] = MIGRATIONS[kind],
): JsonObject {
  const version = document["version"];
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) {
    throw new RfmError("document", `${name} has no version number; restore it from a copy or make it again.`);
  }
  const newest = steps.length + 1;
  if (version > newest) {
    throw new RfmError(
      "document",
      `${name} is a ${KIND_NAMES[kind]} of version ${version}, but this RFM reads up to version ${newest}; update RFM.`,
    );
  }
  return steps
    .slice(version - 1)
    .reduce<JsonObject>((older, step, index) => ({ ...step(older), version: version + index + 1 }), document);
}
