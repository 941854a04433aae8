import { basename } from "node:path";
import * as vscode from "vscode";
import { DirectionRequests } from "../../protocol/directions";
import type { Context } from "../context";
import { LABELS_ENDING } from "../contributions";
import { folderBeside, withEnding } from "../directions/choose";
import { parseSeeds } from "../directions/seeds";
import { labelInTheOpen } from "../directions/labelling";
import { mayUsePacks } from "../packs/mayUse";
import { scorerPacks, type ScorerChoice } from "../packs/scorers";
import { askOne, askText, BACK, walk, type Step } from "../wizard";

/** What most people want: enough for a good direction, a few minutes of work. */
const USUAL_SEEDS = "0:8000";

interface Choices {
  readonly text: string;
  /** Folder of the scorer's pack; undefined for the built-in one. */
  readonly scorer?: string | undefined;
}

/** Scores the faces of a range of seeds by the built-in scorer, or by an imported one. */
export async function createLabelSet(context: Context): Promise<void> {
  const title = vscode.l10n.t("Create Label Set");
  const model = context.library.activeModel;
  const scorers = await scorerPacks(context);
  const steps = [askSeeds, ...(scorers.length === 0 ? [] : [askScorer(scorers)])];
  const { text, scorer } = await walk<Choices>(title, () => steps, { text: USUAL_SEEDS });
  const seeds = parseSeeds(text);
  if (seeds === undefined) return;
  if (!(await mayUsePacks(context, [model, ...(scorer === undefined ? [] : [scorer])]))) return;
  const folder = folderBeside(undefined);
  const target = await vscode.window.showSaveDialog({
    title,
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, `${basename(model)}${LABELS_ENDING}`) }),
    filters: { [vscode.l10n.t("Label sets")]: ["json"] },
  });
  if (target === undefined) return;
  const path = withEnding(target.fsPath, LABELS_ENDING);
  const parameters = { path, model, seeds, ...(scorer === undefined ? {} : { scorer }) };
  await labelInTheOpen(context, path, DirectionRequests.createLabelSet, parameters);
}

const askSeeds: Step<Choices> = async (choices, place) => {
  const placeholder = vscode.l10n.t(
    "Range of seeds, FIRST:END. Each seed is one face; 8000 give good directions.",
  );
  const problem = (given: string): string | undefined =>
    parseSeeds(given) === undefined
      ? vscode.l10n.t("Write two whole numbers with a colon between them, such as 0:8000.")
      : undefined;
  const text = await askText({ placeholder, place, value: choices.text, problem });
  return text === BACK ? BACK : { ...choices, text };
};

function askScorer(scorers: readonly ScorerChoice[]): Step<Choices> {
  return async (choices, place) => {
    const builtIn = {
      label: vscode.l10n.t("Built-in scorer"),
      description: vscode.l10n.t("age, gender, expressions, pose and features"),
      value: { scorer: undefined },
    };
    const imported = scorers.map(({ folder, label, description }) => ({
      label,
      description,
      value: { scorer: folder },
    }));
    const placeholder = vscode.l10n.t("Who scores the faces?");
    const answer = await askOne<Pick<Choices, "scorer">>([builtIn, ...imported], { placeholder, place });
    return answer === BACK ? BACK : { ...choices, ...answer };
  };
}
