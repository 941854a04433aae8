import { basename } from "node:path";
import * as vscode from "vscode";
import { ImportRequests, type AnswerCleaning, type LookedLabelSet } from "../../protocol/imports";
import type { Context } from "../context";
import { Command } from "../contributions";
import { withNotification } from "../progress";
import { modelsForLabels } from "./belonging";
import { pickModel, withNumbers } from "./pickModel";
import { documentFolder, revealDocument } from "./place";

/** Makes a label set of the files, beside the first of them or in the folder of the settings, and offers to fit directions. */
export async function importLabelSet(
  context: Context,
  paths: readonly string[],
  { codes, hasAnswers }: LookedLabelSet,
): Promise<void> {
  const generators = await context.models.generators();
  const fitting = modelsForLabels(codes, generators.map(withNumbers)).map(({ entry }) => entry);
  const [source = ""] = paths;
  if (fitting.length === 0) {
    throw new Error(
      vscode.l10n.t("The faces of {0} are of no model that is installed; import their model first.", source),
    );
  }
  const model = await pickModel(fitting);
  const cleaning = model !== undefined && hasAnswers ? await askCleaning() : "rfm";
  if (model === undefined || cleaning === undefined) return;
  const parameters = { paths, output: documentFolder(source), model: model.folder, cleaning };
  const { path, count, notes } = await withNotification(
    vscode.l10n.t("Importing {0}", basename(source)),
    (working) =>
      context.engine.ask(ImportRequests.importLabelSet, parameters, {
        ...working,
        activity: vscode.l10n.t("importing"),
      }),
  );
  context.library.refresh();
  await revealDocument(path);
  const told = vscode.l10n.t("{0} has scores of {1} faces.", basename(path), count);
  const fit = vscode.l10n.t("Fit Directions...");
  const show = notes.length > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  if ((await show([told, ...notes].join(" "), fit)) !== fit) return;
  await vscode.commands.executeCommand(Command.fitDirections, vscode.Uri.file(path));
}

/** RFM's script has mistakes that its published directions were made with. */
async function askCleaning(): Promise<AnswerCleaning | undefined> {
  const options: (vscode.QuickPickItem & { cleaning: AnswerCleaning })[] = [
    {
      label: vscode.l10n.t("As RFM did it"),
      detail: vscode.l10n.t("Occlusion stays 0; the first accessory and the first colour of hair only."),
      cleaning: "rfm",
    },
    {
      label: vscode.l10n.t("Corrected"),
      detail: vscode.l10n.t("Occlusion, all accessories and all colours of hair."),
      cleaning: "corrected",
    },
  ];
  const title = vscode.l10n.t("How Do Answers Become Labels?");
  return (await vscode.window.showQuickPick(options, { title, ignoreFocusOut: true }))?.cleaning;
}
