import type * as vscode from "vscode";
import type { Engine } from "./engine/engine";
import type { ModelPacks } from "./engine/models";
import type { Studios } from "./studio/studios";

/** What commands work with. */
export interface Context {
  readonly extension: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly engine: Engine;
  readonly packs: ModelPacks;
  readonly studios: Studios;
}
