import * as vscode from "vscode";
import { SCHEMA_SCHEME } from "./contributions";

/**
 * Serves the schemas that documents name in `$schema` (`rfm-schema:/latent.schema.json`) from the extension's own
 * folder, so that the JSON editor checks them without a network. Read-only.
 */
export class SchemaFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>;
  readonly #changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #registration: vscode.Disposable;
  readonly #folder: vscode.Uri;

  constructor(extension: vscode.Uri) {
    this.onDidChangeFile = this.#changes.event;
    this.#folder = vscode.Uri.joinPath(extension, "media", "schemas");
    this.#registration = vscode.workspace.registerFileSystemProvider(SCHEMA_SCHEME, this, {
      isReadonly: true,
    });
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changes.dispose();
  }

  stat(uri: vscode.Uri): Thenable<vscode.FileStat> {
    return vscode.workspace.fs.stat(this.#file(uri));
  }

  readFile(uri: vscode.Uri): Thenable<Uint8Array> {
    return vscode.workspace.fs.readFile(this.#file(uri));
  }

  /** The schemas come with the extension and never change while it runs. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(uri: vscode.Uri): [string, vscode.FileType][] {
    throw vscode.FileSystemError.FileNotADirectory(uri);
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  /** Only plain names of schemas lead to a file. */
  #file(uri: vscode.Uri): vscode.Uri {
    const [, name] = /^\/([a-z-]+\.schema\.json)$/.exec(uri.path) ?? [];
    if (name === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return vscode.Uri.joinPath(this.#folder, name);
  }
}
