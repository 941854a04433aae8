import * as vscode from "vscode";
import type { Context } from "../context";
import { STUDIO } from "../contributions";
import { readBackup } from "./backup";
import { StudioDocument } from "./document";
import { showStudio } from "./panel";

/** The custom editor on `*.latent.json`: VS Code's own dirty mark, undo, save, revert and hot exit. */
export class StudioProvider implements vscode.CustomEditorProvider<StudioDocument>, vscode.Disposable {
  readonly #edited = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<StudioDocument>>();
  readonly onDidChangeCustomDocument = this.#edited.event;
  readonly #registration: vscode.Disposable;

  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
    this.#registration = vscode.window.registerCustomEditorProvider(STUDIO, this, {
      supportsMultipleEditorsPerDocument: true,
    });
  }

  async openCustomDocument(
    uri: vscode.Uri,
    { backupId }: vscode.CustomDocumentOpenContext,
  ): Promise<StudioDocument> {
    const backup =
      backupId === undefined
        ? undefined
        : readBackup(await vscode.workspace.fs.readFile(vscode.Uri.parse(backupId)));
    const document = new StudioDocument(uri, this.#context, backup);
    document.editing.onDidEdit((step) => {
      this.#edited.fire({ document, ...step });
    });
    return document;
  }

  resolveCustomEditor(document: StudioDocument, panel: vscode.WebviewPanel): void {
    this.#context.studios.add({ document, panel });
    showStudio(document, panel, this.#context);
  }

  saveCustomDocument(document: StudioDocument): Promise<void> {
    return document.save();
  }

  saveCustomDocumentAs(document: StudioDocument, destination: vscode.Uri): Promise<void> {
    return document.save(destination);
  }

  revertCustomDocument(document: StudioDocument): Promise<void> {
    return document.revert();
  }

  async backupCustomDocument(
    document: StudioDocument,
    { destination }: vscode.CustomDocumentBackupContext,
  ): Promise<vscode.CustomDocumentBackup> {
    await vscode.workspace.fs.writeFile(destination, document.backup());
    return {
      id: destination.toString(),
      delete: () => {
        vscode.workspace.fs.delete(destination).then(undefined, () => undefined);
      },
    };
  }

  dispose(): void {
    this.#registration.dispose();
    this.#edited.dispose();
  }
}
