import { basename } from "node:path";
import * as vscode from "vscode";
import { DirectionRequests } from "../../protocol/directions";
import { DIRECTION_ENDING, REPORT } from "../contributions";
import type { Engine } from "../engine/engine";
import { sentence } from "../engine/failure";
import { staticPage } from "../page";
import { watchDirections } from "../studio/disk";
import { exportedReport } from "./exportHtml";
import { markup, type Markup } from "../../engine/files";
import { readReportState, rememberingScript, type ReportState } from "./panelState";
import { drawReport, type Report } from "./report";
import { reportWords } from "./words";

interface OpenReport extends ReportState {
  readonly panel: vscode.WebviewPanel;
  /** What is shown. */
  body: Markup | undefined;
}

/**
 * The report panels. The host draws a report, and draws it anew when its files change; its page has one script, by which
 * VS Code remembers what the report is about. With that a report comes back when the window is loaded anew.
 */
export class Reports implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #engine: Engine;
  readonly #extension: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  readonly #open = new Map<string, OpenReport>();
  readonly #serializer: vscode.Disposable;
  #watching: vscode.Disposable | undefined;

  constructor(engine: Engine, extension: vscode.Uri, log: vscode.LogOutputChannel) {
    this.#engine = engine;
    this.#extension = extension;
    this.#log = log;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(REPORT, this);
  }

  /** Shows the report of directions; one that is open already comes to the front. */
  async show(title: string, paths: readonly string[], preserveFocus = false): Promise<void> {
    const known = this.#open.get(keyOf(paths));
    if (known !== undefined) {
      known.panel.reveal(undefined, preserveFocus);
      return;
    }
    const report = await this.#read(title, paths);
    const panel = vscode.window.createWebviewPanel(
      REPORT,
      vscode.l10n.t("Report: {0}", title),
      { viewColumn: vscode.ViewColumn.Active, preserveFocus },
      { ...this.#options(), enableFindWidget: true },
    );
    this.#draw(this.#adopt(panel, { title, paths }), drawReport(report, reportWords()));
  }

  /** Called by VS Code for a report that was open when the window was closed or loaded anew. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const remembered = readReportState(state);
    if (remembered === undefined) {
      panel.dispose();
      return;
    }
    panel.webview.options = this.#options();
    const opened = this.#adopt(panel, remembered);
    try {
      this.#draw(opened, drawReport(await this.#read(remembered.title, remembered.paths), reportWords()));
    } catch (error) {
      // The panel stays, and says why it is empty: its files may come back.
      this.#log.warn(sentence(error));
      this.#draw(opened, markup`<main><h1>${remembered.title}</h1><p>${sentence(error)}</p></main>`);
    }
  }

  /** The report that is in front. */
  get active(): ReportState | undefined {
    return [...this.#open.values()].find(({ panel }) => panel.active);
  }

  /** A report as one file that needs nothing else. */
  async export(title: string, paths: readonly string[]): Promise<string> {
    const body = drawReport(await this.#read(title, paths), reportWords());
    const styles = await Promise.all(
      ["common.css", "plots.css", "report.css"].map((name) => this.#style(name)),
    );
    return exportedReport(title, body, styles, vscode.env.language);
  }

  dispose(): void {
    this.#serializer.dispose();
    // The panels are VS Code's to keep: it gives them back when the extension starts again.
    this.#watching?.dispose();
  }

  #options(): vscode.WebviewOptions {
    return {
      enableScripts: true,
      enableForms: false,
      localResourceRoots: [vscode.Uri.joinPath(this.#extension, "media")],
    };
  }

  #adopt(panel: vscode.WebviewPanel, state: ReportState): OpenReport {
    const key = keyOf(state.paths);
    const opened: OpenReport = { ...state, panel, body: undefined };
    panel.iconPath = new vscode.ThemeIcon("graph");
    this.#open.set(key, opened);
    panel.onDidDispose(() => this.#open.delete(key));
    this.#watching ??= watchDirections(() => {
      void this.#redraw();
    });
    return opened;
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
    const { title, paths, panel } = opened;
    panel.webview.html = staticPage(
      panel.webview,
      this.#extension,
      "report",
      title,
      body.text,
      rememberingScript({ title, paths }),
    );
  }

  async #style(name: string): Promise<string> {
    const file = vscode.Uri.joinPath(this.#extension, "media", name);
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  }
}

/** One report for the same directions. */
const keyOf = (paths: readonly string[]): string => paths.join("\n");

/** What a report is called: its label set, its one direction, or nothing special. */
export function reportTitle(paths: readonly string[], labelSet: string | undefined): string {
  const [only] = paths;
  if (paths.length === 1 && only !== undefined) return basename(only, DIRECTION_ENDING);
  return labelSet ?? vscode.l10n.t("{0} directions", paths.length);
}
