import * as vscode from "vscode";
import { Command, type CommandId } from "../contributions";
import type { Context } from "../context";
import { isNode } from "../directions/nodes";
import { isCancelled, sentence } from "../engine/failure";
import { activateModel } from "./activateModel";
import { applyRecipe } from "./applyRecipe";
import { combineDirections } from "./combineDirections";
import { conditionDirection } from "./conditionDirection";
import { copyModelHash } from "./copyModelHash";
import { createLabelSet } from "./createLabelSet";
import { deleteFile } from "./deleteFile";
import { discoverDirections } from "./discoverDirections";
import { exportReport } from "./exportReport";
import { fitDirections } from "./fitDirections";
import { fitEncoder } from "./fitEncoder";
import { importFiles } from "./importFiles";
import { invertFace } from "./invertFace";
import { matchFace } from "./matchFace";
import { negateDirection } from "./negateDirection";
import { openStudio } from "./openStudio";
import { orthogonaliseDirections } from "./orthogonaliseDirections";
import { refreshDirections } from "./refreshDirections";
import { refreshModels } from "./refreshModels";
import { removeModel } from "./removeModel";
import { resetAmounts } from "./resetAmounts";
import { restartEngine } from "./restartEngine";
import { resumeLabelSet } from "./resumeLabelSet";
import { revealFile } from "./revealFile";
import { revealModel } from "./revealModel";
import { saveDirection } from "./saveDirection";
import { saveEditedPicture } from "./saveEditedPicture";
import { saveRecipe } from "./saveRecipe";
import { selectModel } from "./selectModel";
import { showEngineStatus } from "./showEngineStatus";
import { showModelLicence } from "./showModelLicence";
import { showReport } from "./showReport";
import { verifyModel } from "./verifyModel";

/**
 * What a command does. Menus give the file that was clicked and, in the Explorer and the tree, all files that are selected; the
 * palette gives neither.
 */
export type CommandHandler = (
  context: Context,
  file?: vscode.Uri,
  files?: vscode.Uri[],
) => Promise<void> | void;

/** Every command of package.json; one that is missing here does not compile. */
const HANDLERS: Readonly<Record<CommandId, CommandHandler>> = {
  [Command.invertFace]: invertFace,
  [Command.openStudio]: openStudio,
  [Command.matchFace]: matchFace,
  [Command.saveEditedPicture]: saveEditedPicture,
  [Command.saveDirection]: saveDirection,
  [Command.saveRecipe]: saveRecipe,
  [Command.applyRecipe]: applyRecipe,
  [Command.resetAmounts]: resetAmounts,
  [Command.selectModel]: selectModel,
  [Command.showEngineStatus]: showEngineStatus,
  [Command.restartEngine]: restartEngine,
  [Command.createLabelSet]: createLabelSet,
  [Command.resumeLabelSet]: resumeLabelSet,
  [Command.fitDirections]: fitDirections,
  [Command.conditionDirection]: conditionDirection,
  [Command.combineDirections]: combineDirections,
  [Command.negateDirection]: negateDirection,
  [Command.orthogonaliseDirections]: orthogonaliseDirections,
  [Command.discoverDirections]: discoverDirections,
  [Command.showReport]: showReport,
  [Command.exportReport]: exportReport,
  [Command.refreshDirections]: refreshDirections,
  [Command.revealFile]: revealFile,
  [Command.deleteFile]: deleteFile,
  [Command.importFiles]: importFiles,
  [Command.activateModel]: activateModel,
  [Command.showModelLicence]: showModelLicence,
  [Command.copyModelHash]: copyModelHash,
  [Command.fitEncoder]: fitEncoder,
  [Command.verifyModel]: verifyModel,
  [Command.revealModel]: revealModel,
  [Command.removeModel]: removeModel,
  [Command.refreshModels]: refreshModels,
};

/** What package.json's key bindings give as their argument. */
const SELECTION = "selection";
const SELECTED_MODELS = "selectedModels";

/** Registers all commands. What a command throws is shown as the sentence that it is, and logged. */
export function registerCommands(context: Context): vscode.Disposable {
  const registrations = Object.entries(HANDLERS).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        await handler(context, ...files(context, args));
      } catch (error) {
        if (error instanceof vscode.CancellationError || isCancelled(error)) return;
        context.log.error(`${id}: ${sentence(error)}`);
        void vscode.window.showErrorMessage(sentence(error));
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}

/**
 * The arguments of a command as far as they are files, or lines of the tree that stand for files. A key gives a word
 * instead, for the lines that are selected; a menu of a line that is gone by now gives nothing.
 */
function files(
  { library, models }: Context,
  [file, all]: unknown[],
): [file?: vscode.Uri, files?: vscode.Uri[]] {
  if (file === SELECTION || file === SELECTED_MODELS) {
    const [first, ...others] = file === SELECTION ? library.selection : models.selection;
    return first === undefined ? [] : [first, [first, ...others]];
  }
  const one = fileOf(file);
  const many = Array.isArray(all) ? all.map(fileOf).filter((entry) => entry !== undefined) : undefined;
  if (one === undefined) return [];
  return many === undefined ? [one] : [one, many];
}

function fileOf(value: unknown): vscode.Uri | undefined {
  if (value instanceof vscode.Uri) return value;
  if (isPath(value)) return vscode.Uri.file(value.path);
  return isNode(value) ? value.uri : undefined;
}

/** A link of a page: as plain text, for a Uri in it would become one of the machine that shows the page. */
function isPath(value: unknown): value is { readonly path: string } {
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  return keys.length === 1 && typeof (value as { path?: unknown }).path === "string";
}
