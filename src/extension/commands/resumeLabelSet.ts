import * as vscode from "vscode";
import { DirectionRequests } from "../../protocol/directions";
import type { Context } from "../context";
import { describeEntry } from "../directions/describe";
import { labelInTheOpen } from "../directions/labelling";
import { filesOf } from "../directions/choose";
import { LABELS_ENDING } from "../contributions";
import { scorerPacks } from "../packs/scorers";
import { askOne, walk } from "../wizard";

/** Goes on with a label set that was stopped. */
export async function resumeLabelSet(context: Context, file?: vscode.Uri): Promise<void> {
  const path = filesOf(LABELS_ENDING, file, undefined)[0] ?? (await pickUnfinished(context));
  if (path === undefined) return;
  const models = await context.packs.everywhere(context.library.activeModel);
  const scorers = (await scorerPacks(context)).map(({ folder }) => folder);
  await labelInTheOpen(context, path, DirectionRequests.resumeLabelSet, { path, models, scorers });
}

async function pickUnfinished({ library }: Context): Promise<string | undefined> {
  const unfinished = (await library.labelSets()).filter(({ done, count }) => done < count);
  if (unfinished.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Every label set of the workspace is finished."));
    return undefined;
  }
  const placeholder = vscode.l10n.t("Which label set?");
  const items = unfinished.map((entry) => {
    const { label, description } = describeEntry(entry);
    return { label, description, value: entry.path };
  });
  return walk<string | undefined>(
    vscode.l10n.t("Resume Labelling"),
    () => [(_, place) => askOne(items, { placeholder, place })],
    undefined,
  );
}
