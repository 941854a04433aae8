import type { DirectionDocument } from "./direction";
import type { LabelsDocument } from "./labels";
import type { LatentDocument } from "./latent";
import type { RecipeDocument } from "./recipe";

/** The documents by kind. */
export interface Documents {
  readonly latent: LatentDocument;
  readonly direction: DirectionDocument;
  readonly labels: LabelsDocument;
  readonly recipe: RecipeDocument;
}

export type DocumentKind = keyof Documents;
export type AnyDocument = Documents[DocumentKind];

/** How each kind is called in sentences. */
export const KIND_NAMES: Readonly<Record<DocumentKind, string>> = {
  latent: "latent",
  direction: "direction",
  labels: "label set",
  recipe: "recipe",
};

/** `NAME.latent.json` and so on. */
export function documentSuffix(kind: DocumentKind): string {
  return `.${kind}.json`;
}

/** Whether a value found in a file names a kind. */
export function isDocumentKind(value: unknown): value is DocumentKind {
  return typeof value === "string" && Object.hasOwn(KIND_NAMES, value);
}
