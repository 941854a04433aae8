import type * as vscode from "vscode";
import type { DirectionLibrary } from "./directions/library";
import type { Engine } from "./engine/engine";
import type { ModelPacks } from "./engine/models";
import type { LicenceAgreements } from "./packs/agreements";
import type { PackLibrary } from "./packs/library";
import type { Reports } from "./report/panel";
import type { Studios } from "./studio/studios";

/** What commands work with. */
export interface Context {
  readonly extension: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly engine: Engine;
  readonly packs: ModelPacks;
  readonly studios: Studios;
  readonly library: DirectionLibrary;
  readonly reports: Reports;
  readonly models: PackLibrary;
  readonly agreements: LicenceAgreements;
}
