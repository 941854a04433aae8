import * as vscode from "vscode";
import { ImportRequests } from "../../protocol/imports";
import type { Context } from "../context";
import { chooseForeignFiles } from "../imports/chooseFiles";
import { confirmImport } from "../imports/confirm";
import { importData } from "../imports/importData";
import { importLabelSet } from "../imports/importLabelSet";
import { importModel } from "../imports/importModel";
import { withNotification } from "../progress";

/**
 * Imports what others publish: networks become a model for all workspaces, label sets, latents and directions become documents. What the
 * files are and their licences are shown first.
 */
export async function importFiles(context: Context, file?: vscode.Uri, files?: vscode.Uri[]): Promise<void> {
  const paths = await chooseForeignFiles(file, files);
  if (paths.length === 0) return;
  const looked = await withNotification(vscode.l10n.t("Looking into the files"), ({ signal }) =>
    context.engine.ask(ImportRequests.lookIntoFiles, { paths }, { signal }),
  );
  if (!(await confirmImport(looked))) return;
  if (looked.isModel) await importModel(context, looked);
  else if (looked.labelSet !== undefined) await importLabelSet(context, paths, looked.labelSet);
  else await importData(context, looked.files);
}
