import { join } from "node:path";
import * as vscode from "vscode";
import { ImportRequests, type LookedInto } from "../../protocol/imports";
import type { Context } from "../context";
import { isGenerator } from "../packs/library";
import { startWithoutEncoder } from "../packs/describe";
import { fitEncoderTo, lacksEncoder } from "../packs/fitEncoder";
import { useModel } from "../packs/useModel";
import { withNotification } from "../progress";
import { askOnnx } from "./askOnnx";
import { isPackName, isTaken, proposedName } from "./names";

/** Makes a pack of files in the folder that all workspaces share, and offers to use it. */
export async function importModel(context: Context, { files, isOnnx }: LookedInto): Promise<void> {
  const { engine, packs, models, agreements } = context;
  const onnx = isOnnx ? await askOnnx() : undefined;
  const name = await askName(files, await takenNames(context));
  if (name === undefined) return;
  const folder = join(packs.installedFolder, name);
  const imported = await withNotification(vscode.l10n.t("Importing {0}", name), (working) =>
    engine.ask(
      ImportRequests.importModel,
      { paths: files.map(({ path }) => path), folder, ...(onnx && { onnx }) },
      { ...working, activity: vscode.l10n.t("importing") },
    ),
  );
  const { pack, what, missing, already } = imported;
  // Its licence was in the question that the person has answered.
  await agreements.remember(pack);
  packs.refresh();
  models.refresh();
  const told = already
    ? vscode.l10n.t("These weights are installed already, as {0}.", pack.name)
    : vscode.l10n.t("{0} was imported: {1}.", pack.name, what);
  const notes = [told, ...missing];
  notes.push(...startWithoutEncoder(pack));
  const use = vscode.l10n.t("Use This Model Now");
  const fit = vscode.l10n.t("Fit Encoder");
  const buttons = [...(isGenerator(pack) ? [use] : []), ...(lacksEncoder(pack) ? [fit] : [])];
  // The command is done; the answer may come much later.
  const show = missing.length > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  const answer = await show(notes.join(" "), ...buttons);
  if (answer === use) await useModel(context, pack.folder, pack);
  if (answer === fit) await fitEncoderTo(context, pack);
}

async function takenNames({ packs }: Context): Promise<string[]> {
  const folders = await packs.all();
  return folders.filter(({ place }) => place === "installed" || place === "builtIn").map(({ name }) => name);
}

async function askName(files: LookedInto["files"], taken: readonly string[]): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t("Name of the Model"),
    prompt: vscode.l10n.t("The model is kept under this name, once for all workspaces."),
    value: proposedName(files, taken),
    ignoreFocusOut: true,
    validateInput: (text) => {
      if (!isPackName(text)) {
        return vscode.l10n.t("A name has letters, digits, dots, dashes and underscores, 64 at most.");
      }
      return isTaken(text, taken)
        ? vscode.l10n.t("There is a model {0} already; choose another name.", text)
        : undefined;
    },
  });
}
