import { isAbsolute } from "node:path";
import { DIRECTION_ENDING } from "../contributions";

/** What a report is about: all that VS Code has to remember of its panel to show it again. */
export interface ReportState {
  readonly title: string;
  /** Absolute paths of directions. */
  readonly paths: readonly string[];
}

/** No report has more directions. */
const MOST = 1000;

/** Reads what VS Code remembered; nothing where it is no state of ours. */
export function readReportState(state: unknown): ReportState | undefined {
  if (typeof state !== "object" || state === null || !("title" in state) || !("paths" in state)) {
    return undefined;
  }
  const { title, paths } = state;
  if (typeof title !== "string" || !Array.isArray(paths)) return undefined;
  const known = paths.filter(isDirectionPath);
  return known.length > 0 && known.length === paths.length && known.length <= MOST
    ? { title, paths: known }
    : undefined;
}

/** The one script of a report's page: it gives VS Code the state to remember. */
export function rememberingScript(state: ReportState): string {
  // In a script element `<` could end it, and so could nothing else.
  return `acquireVsCodeApi().setState(${JSON.stringify(state).replaceAll("<", "\\u003c")});`;
}

function isDirectionPath(path: unknown): path is string {
  return typeof path === "string" && isAbsolute(path) && path.endsWith(DIRECTION_ENDING);
}
