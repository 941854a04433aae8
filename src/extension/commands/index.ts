import * as vscode from "vscode";
import { Command, type CommandId } from "../contributions";
import type { Context } from "../context";
import { sentence } from "../engine/failure";
import { invertFace } from "./invertFace";
import { openStudio } from "./openStudio";
import { resetAmounts } from "./resetAmounts";
import { restartEngine } from "./restartEngine";
import { saveDirection } from "./saveDirection";
import { saveEditedPicture } from "./saveEditedPicture";
import { selectModel } from "./selectModel";
import { showEngineStatus } from "./showEngineStatus";

/**
 * What a command does. Menus give the file that was clicked and, in the Explorer, all files that are selected; the
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
  [Command.saveEditedPicture]: saveEditedPicture,
  [Command.saveDirection]: saveDirection,
  [Command.resetAmounts]: resetAmounts,
  [Command.selectModel]: selectModel,
  [Command.showEngineStatus]: showEngineStatus,
  [Command.restartEngine]: restartEngine,
};

/** Registers all commands. What a command throws is shown as the sentence that it is, and logged. */
export function registerCommands(context: Context): vscode.Disposable {
  const registrations = Object.entries(HANDLERS).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        await handler(context, ...files(args));
      } catch (error) {
        if (error instanceof vscode.CancellationError) return;
        context.log.error(`${id}: ${sentence(error)}`);
        void vscode.window.showErrorMessage(sentence(error));
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}

/** The arguments of a command as far as they are files. */
function files([file, all]: unknown[]): [file?: vscode.Uri, files?: vscode.Uri[]] {
  const one = file instanceof vscode.Uri ? file : undefined;
  const many = Array.isArray(all) ? all.filter((entry) => entry instanceof vscode.Uri) : undefined;
  if (one === undefined) return [];
  return many === undefined ? [one] : [one, many];
}
