/** Whatever can be disposed of: `vscode.Disposable.from` takes these, and they need not be of its class. */
export interface Disposing {
  dispose(): unknown;
}
