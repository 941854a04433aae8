import type { DocumentHead, Edit, ModelReference } from "./common";

/** `NAME.recipe.json`: a stack of edits without a face. */
export interface RecipeDocument extends DocumentHead<"recipe"> {
  readonly name?: string;
  readonly model: ModelReference;
  readonly edits: readonly Edit[];
}
