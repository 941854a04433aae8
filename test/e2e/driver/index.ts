export { keepEvidence } from "./failureEvidence.js";
export { THEMES, WINDOW } from "./screenshot.js";
export { until } from "./until.js";
export { Workbench, type WorkbenchOptions } from "./workbench.js";
export type { ContextMenu } from "./contextMenu.js";
export type { Notification } from "./notifications.js";
export type { TextMatch } from "./textMatch.js";
