import * as vscode from "vscode";
import { factsOf } from "../packs/describe";
import type { GeneratorEntry } from "../packs/library";

/** A model with the numbers of its codes. */
export type Numbered = GeneratorEntry["generator"] & { readonly entry: GeneratorEntry };

/** A model, told by the numbers of its codes. */
export function withNumbers(entry: GeneratorEntry): Numbered {
  return { ...entry.generator, entry };
}

/** The only one of several models, or the one that the person picks. */
export async function pickModel(fitting: readonly GeneratorEntry[]): Promise<GeneratorEntry | undefined> {
  if (fitting.length < 2) return fitting[0];
  const picked = await vscode.window.showQuickPick(
    fitting.map((entry) => ({ label: entry.name, description: factsOf(entry).join(" · "), entry })),
    { title: vscode.l10n.t("Which Model Do They Belong To?"), ignoreFocusOut: true },
  );
  return picked?.entry;
}
