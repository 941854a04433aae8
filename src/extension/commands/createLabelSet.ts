import { basename } from "node:path";
import * as vscode from "vscode";
import { DirectionRequests } from "../../protocol/directions";
import type { Context } from "../context";
import { LABELS_ENDING } from "../contributions";
import { folderBeside, withEnding } from "../directions/choose";
import { parseSeeds } from "../directions/seeds";
import { labelInTheOpen } from "../directions/labelling";
import { askText, walk } from "../wizard";

/** What most people want: enough for a good direction, a few minutes of work. */
const USUAL_SEEDS = "0:8000";

/** Scores the faces of a range of seeds by the built-in scorer. */
export async function createLabelSet(context: Context): Promise<void> {
  const title = vscode.l10n.t("Create Label Set");
  const text = await walk(
    title,
    () => [
      (value, place) => {
        const placeholder = vscode.l10n.t(
          "Range of seeds, FIRST:END. Each seed is one face; 8000 give good directions.",
        );
        const problem = (given: string): string | undefined =>
          parseSeeds(given) === undefined
            ? vscode.l10n.t("Write two whole numbers with a colon between them, such as 0:8000.")
            : undefined;
        return askText({ placeholder, place, value, problem });
      },
    ],
    USUAL_SEEDS,
  );
  const seeds = parseSeeds(text);
  if (seeds === undefined) return;
  const model = context.library.activeModel;
  const folder = folderBeside(undefined);
  const target = await vscode.window.showSaveDialog({
    title,
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, `${basename(model)}${LABELS_ENDING}`) }),
    filters: { [vscode.l10n.t("Label sets")]: ["json"] },
  });
  if (target === undefined) return;
  const path = withEnding(target.fsPath, LABELS_ENDING);
  await labelInTheOpen(context, path, DirectionRequests.createLabelSet, { path, model, seeds });
}
