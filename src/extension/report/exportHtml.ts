import { markup, Markup } from "../../engine/files";

/** The colours of VS Code's own light and dark themes that `report.css` and `plots.css` use, for a file that no theme reaches. */
const LIGHT: Readonly<Record<string, string>> = {
  "editor-background": "#ffffff",
  "editor-foreground": "#3b3b3b",
  descriptionForeground: "#5f5f5f",
  "editorWidget-border": "#c8c8c8",
  focusBorder: "#005fb8",
  "textLink-foreground": "#005fb8",
  "charts-blue": "#1a85ff",
  "charts-orange": "#d18616",
  "charts-green": "#388a34",
  "charts-purple": "#652d90",
  "charts-red": "#e51400",
  "charts-lines": "#3b3b3b80",
};
const DARK: Readonly<Record<string, string>> = {
  ...LIGHT,
  "editor-background": "#1f1f1f",
  "editor-foreground": "#cccccc",
  descriptionForeground: "#9d9d9d",
  "editorWidget-border": "#454545",
  focusBorder: "#0078d4",
  "textLink-foreground": "#4daafc",
  "charts-blue": "#3794ff",
  "charts-green": "#89d185",
  "charts-purple": "#b180d7",
  "charts-red": "#f14c4c",
  "charts-lines": "#cccccc80",
};

/**
 * A report as one file that needs nothing else: no script, nothing from elsewhere, light or dark as the reader
 * likes it.
 *
 * @param styles of the page, to be written into the file
 */
export function exportedReport(
  title: string,
  body: Markup,
  styles: readonly string[],
  language: string,
): string {
  const rules = [
    `:root { color-scheme: light dark; --vscode-font-family: system-ui, sans-serif; --vscode-font-size: 14px; ${variables(LIGHT)} }`,
    `@media (prefers-color-scheme: dark) { :root { ${variables(DARK)} } }`,
    ...styles,
  ].join("\n");
  const head = [
    markup`<meta charset="utf-8">`,
    markup`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    markup`<meta name="viewport" content="width=device-width, initial-scale=1">`,
    markup`<title>${title}</title>`,
    markup`<style>${new Markup(rules)}</style>`,
  ];
  return markup`<!DOCTYPE html><html lang="${language}"><head>${head}</head><body>${body}</body></html>`.text;
}

function variables(colours: Readonly<Record<string, string>>): string {
  return Object.entries(colours)
    .map(([name, colour]) => `--vscode-${name}: ${colour};`)
    .join(" ");
}
