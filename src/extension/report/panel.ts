import { basename } from "node:path";
import * as vscode from "vscode";
import { DirectionRequests } from "../../protocol/directions";
import { DIRECTION_ENDING, REPORT } from "../contributions";
import type { Engine } from "../engine/engine";
import { sentence } from "../engine/failure";
import { staticPage } from "../page";
import { watchDirections } from "../studio/disk";
import { exportedReport } from "./exportHtml";
import type { Markup } from "../markup";
import { drawReport, type Report } from "./report";
import { reportWords } from "./words";

interface OpenReport {
  readonly panel: vscode.WebviewPanel;
  readonly title: string;
  readonly paths: readonly string[];
  /** What is shown; missing where the directions cannot be read. */
  body: Markup | undefined;
}

/** The report panels. A report has no script: the host draws it, and draws it anew when its files change. */
export class Reports implements vscode.Disposable {
  readonly #engine: Engine;
  readonly #extension: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  readonly #open = new Map<string, OpenReport>();
  #watching: vscode.Disposable | undefined;

  constructor(engine: Engine, extension: vscode.Uri, log: vscode.LogOutputChannel) {
    this.#engine = engine;
    this.#extension = extension;
    this.#log = log;
  }

  /** Shows the report of directions; one that is open already comes to the front. */
  async show(title: string, paths: readonly string[]): Promise<void> {
    const key = paths.join("\n");
    const known = this.#open.get(key);
    if (known !== undefined) {
      known.panel.reveal();
      return;
    }
    const report = await this.#read(title, paths);
    const panel = vscode.window.createWebviewPanel(
      REPORT,
      vscode.l10n.t("Report: {0}", title),
      vscode.ViewColumn.Active,
      {
        enableScripts: false,
        enableFindWidget: true,
        localResourceRoots: [vscode.Uri.joinPath(this.#extension, "media")],
      },
    );
    panel.iconPath = vscode.Uri.joinPath(this.#extension, "media", "rfm.svg");
    const opened: OpenReport = { panel, title, paths, body: undefined };
    this.#open.set(key, opened);
    panel.onDidDispose(() => this.#open.delete(key));
    this.#draw(opened, drawReport(report, reportWords()));
    this.#watching ??= watchDirections(() => {
      void this.#redraw();
    });
  }

  /** The report that is in front. */
  get active(): { readonly title: string; readonly paths: readonly string[] } | undefined {
    return [...this.#open.values()].find(({ panel }) => panel.active);
  }

  /** A report as one file that needs nothing else. */
  async export(title: string, paths: readonly string[]): Promise<string> {
    const body = drawReport(await this.#read(title, paths), reportWords());
    const styles = await Promise.all(["common.css", "report.css"].map((name) => this.#style(name)));
    return exportedReport(title, body, styles, vscode.env.language);
  }

  dispose(): void {
    this.#watching?.dispose();
    for (const { panel } of this.#open.values()) panel.dispose();
  }

  async #read(title: string, paths: readonly string[]): Promise<Report> {
    return { title, ...(await this.#engine.ask(DirectionRequests.reportDirections, { paths })) };
  }

  async #redraw(): Promise<void> {
    for (const opened of this.#open.values()) {
      try {
        this.#draw(opened, drawReport(await this.#read(opened.title, opened.paths), reportWords()));
      } catch (error) {
        // What was shown stays: the file may be on its way to be written anew.
        this.#log.warn(sentence(error));
      }
    }
  }

  /** A page that says the same as before is left alone: drawing it anew would scroll it back. */
  #draw(opened: OpenReport, body: Markup): void {
    if (opened.body?.text === body.text) return;
    opened.body = body;
    const { webview } = opened.panel;
    webview.html = staticPage(webview, this.#extension, "report", opened.title, body.text);
  }

  async #style(name: string): Promise<string> {
    const file = vscode.Uri.joinPath(this.#extension, "media", name);
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  }
}

/** What a report is called: its label set, its one direction, or nothing special. */
export function reportTitle(paths: readonly string[], labelSet: string | undefined): string {
  const [only] = paths;
  if (paths.length === 1 && only !== undefined) return basename(only, DIRECTION_ENDING);
  return labelSet ?? vscode.l10n.t("{0} directions", paths.length);
}
