import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { escape } from "../engine/files";

/** The pages of the webview side; each is `dist/webview/NAME.js` and `media/NAME.css`; what all share is `common.css` and `plots.css`. */
export type PageName = "studio" | "sliders" | "discovery";

/** What a webview may load: our scripts and our style sheets, nothing else. */
export function webviewOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return {
    enableScripts: true,
    enableForms: false,
    localResourceRoots: [
      vscode.Uri.joinPath(extension, "dist", "webview"),
      vscode.Uri.joinPath(extension, "media"),
    ],
  };
}

/** The skeleton of a page with the one content security policy of this extension. */
export function page(webview: vscode.Webview, extension: vscode.Uri, name: PageName, title: string): string {
  const nonce = randomBytes(16).toString("base64");
  const resource = (...path: string[]): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, ...path)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource} 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${escape(vscode.env.language)}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <!-- Where the toolkit looks for the nonce of the one style element that it makes (a probe for :focus-visible). -->
    <meta property="csp-nonce" content="${nonce}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${resource("media", "common.css")}">
    <link rel="stylesheet" href="${resource("media", "plots.css")}">
    <link rel="stylesheet" href="${resource("media", `${name}.css`)}">
    <title>${escape(title)}</title>
  </head>
  <body>
    <main id="root" aria-label="${escape(title)}"></main>
    <script nonce="${nonce}" src="${resource("dist", "webview", `${name}.js`)}"></script>
  </body>
</html>
`;
}

/**
 * A page whose content was drawn by the host.
 *
 * @param script the one script that runs on it, of our own making; nothing in `body` is run
 */
export function staticPage(
  webview: vscode.Webview,
  extension: vscode.Uri,
  name: "report",
  title: string,
  body: string,
  script: string,
): string {
  const nonce = randomBytes(16).toString("base64");
  const style = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, "media", file)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${escape(vscode.env.language)}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${style("common.css")}">
    <link rel="stylesheet" href="${style("plots.css")}">
    <link rel="stylesheet" href="${style(`${name}.css`)}">
    <title>${escape(title)}</title>
  </head>
  <body>
${body}
    <script nonce="${nonce}">${script}</script>
  </body>
</html>
`;
}
