import { join } from "node:path";
import * as vscode from "vscode";
import { registerCommands } from "./commands";
import type { Context } from "./context";
import { DirectionLibrary } from "./directions/library";
import { DirectionsView } from "./directions/view";
import { Engine } from "./engine/engine";
import { ModelPacks } from "./engine/models";
import { EngineStatusBar } from "./engine/statusBar";
import { LicenceAgreements } from "./packs/agreements";
import { PackLibrary } from "./packs/library";
import { ModelStatusBar } from "./packs/statusBar";
import { ModelsView } from "./packs/view";
import { LatentBadges } from "./photos/decorations";
import { Reports } from "./report/panel";
import { SchemaFiles } from "./schemas";
import { SlidersView } from "./sliders/view";
import { StudioProvider } from "./studio/provider";
import { Studios } from "./studio/studios";

/** Called by VS Code once, when something of ours is first needed. It starts no process and reads no file. */
export function activate(extension: vscode.ExtensionContext): void {
  const { extensionUri, subscriptions } = extension;
  const log = vscode.window.createOutputChannel("RFM", { log: true });
  const modelsRoot = extension.asAbsolutePath("dist/models");
  const packs = new ModelPacks(
    join(modelsRoot, "demo"),
    vscode.Uri.joinPath(extension.globalStorageUri, "models").fsPath,
  );
  const engine = new Engine({ entry: extension.asAbsolutePath("dist/engine.js"), modelsRoot }, packs, log);
  const studios = new Studios();
  const library = new DirectionLibrary(engine, packs, studios);
  const reports = new Reports(engine, extensionUri, log);
  const models = new PackLibrary(engine, packs);
  const agreements = new LicenceAgreements(extension.globalState);
  const context: Context = {
    extension: extensionUri,
    log,
    engine,
    packs,
    studios,
    library,
    reports,
    models,
    agreements,
  };

  subscriptions.push(
    log,
    packs,
    engine,
    studios,
    library,
    reports,
    models,
    registerCommands(context),
    new StudioProvider(context),
    new SlidersView(context),
    new DirectionsView(context),
    new ModelsView(context),
    new ModelStatusBar(packs),
    new EngineStatusBar(engine, studios),
    new LatentBadges(),
    new SchemaFiles(extensionUri),
  );
}
