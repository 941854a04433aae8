import type { Context } from "../context";
import { describePack } from "./describe";

/** A pack of classifiers that can score faces. */
export interface ScorerChoice {
  readonly folder: string;
  readonly label: string;
  readonly description: string;
}

/** The imported scorers. */
export async function scorerPacks({ models }: Pick<Context, "models">): Promise<ScorerChoice[]> {
  return (await models.content())
    .filter(({ entry }) => "kind" in entry && entry.kind === "scorer")
    .map((pack) => {
      const { label, description } = describePack(pack);
      return { folder: pack.folder, label, description };
    });
}
