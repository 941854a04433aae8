import { join } from "node:path";
import * as vscode from "vscode";
import { registerCommands } from "./commands";
import type { Context } from "./context";
import { Engine } from "./engine/engine";
import { ModelPacks } from "./engine/models";
import { EngineStatusBar } from "./engine/statusBar";
import { LatentBadges } from "./photos/decorations";
import { SchemaFiles } from "./schemas";
import { SlidersView } from "./sliders/view";
import { StudioProvider } from "./studio/provider";
import { Studios } from "./studio/studios";

/** Called by VS Code once, when something of ours is first needed. It starts no process and reads no file. */
export function activate(extension: vscode.ExtensionContext): void {
  const { extensionUri, subscriptions } = extension;
  const log = vscode.window.createOutputChannel("RFM", { log: true });
  const modelsRoot = extension.asAbsolutePath("dist/models");
  const packs = new ModelPacks(join(modelsRoot, "demo"));
  const engine = new Engine({ entry: extension.asAbsolutePath("dist/engine.js"), modelsRoot }, packs, log);
  const studios = new Studios();
  const context: Context = { extension: extensionUri, log, engine, packs, studios };

  subscriptions.push(
    log,
    packs,
    engine,
    studios,
    registerCommands(context),
    new StudioProvider(context),
    new SlidersView(context),
    new EngineStatusBar(engine, studios),
    new LatentBadges(),
    new SchemaFiles(extensionUri),
  );
}
