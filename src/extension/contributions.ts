import type { ProviderChoice } from "../engine/runtime";
import type { InversionMethod } from "../protocol/engine";

/**
 * Every identifier that package.json and the code share, typed once. `test/unit/extension/contributions.test.ts`
 * holds package.json to this page, and mapped types turn a forgotten command or setting into a compile error.
 */

/** Commands of the palette and the menus. */
export const Command = {
  invertFace: "rfm.invertFace",
  openStudio: "rfm.openStudio",
  matchFace: "rfm.matchFace",
  saveEditedPicture: "rfm.saveEditedPicture",
  saveDirection: "rfm.saveDirection",
  saveRecipe: "rfm.saveRecipe",
  applyRecipe: "rfm.applyRecipe",
  resetAmounts: "rfm.resetAmounts",
  selectModel: "rfm.selectModel",
  showEngineStatus: "rfm.showEngineStatus",
  restartEngine: "rfm.restartEngine",
  createLabelSet: "rfm.createLabelSet",
  resumeLabelSet: "rfm.resumeLabelSet",
  fitDirections: "rfm.fitDirections",
  conditionDirection: "rfm.conditionDirection",
  combineDirections: "rfm.combineDirections",
  negateDirection: "rfm.negateDirection",
  orthogonaliseDirections: "rfm.orthogonaliseDirections",
  discoverDirections: "rfm.discoverDirections",
  showReport: "rfm.showReport",
  exportReport: "rfm.exportReport",
  refreshDirections: "rfm.refreshDirections",
  revealFile: "rfm.revealFile",
  deleteFile: "rfm.deleteFile",
  importFiles: "rfm.importFiles",
  activateModel: "rfm.activateModel",
  showModelLicence: "rfm.showModelLicence",
  copyModelHash: "rfm.copyModelHash",
  fitEncoder: "rfm.fitEncoder",
  verifyModel: "rfm.verifyModel",
  revealModel: "rfm.revealModel",
  removeModel: "rfm.removeModel",
  refreshModels: "rfm.refreshModels",
} as const;
export type CommandId = (typeof Command)[keyof typeof Command];

/** The activity-bar container and its views. */
export const View = {
  container: "rfm",
  sliders: "rfm.sliders",
  directions: "rfm.directions",
  models: "rfm.models",
} as const;

/** `viewType` of the Studio, the custom editor on `*.latent.json`. */
export const STUDIO = "rfm.studio";

/** `viewType` of the panels beside the editors. */
export const REPORT = "rfm.report";
export const DISCOVERY = "rfm.discovery";
export const INVERSION_REPORT = "rfm.inversionReport";

/** Context keys that menus and `when` clauses read. */
export const ContextKey = {
  /** A Studio is open and the side panel speaks to it. */
  studio: "rfm.studio.active",
  /** The active Studio has at least one edit. */
  edited: "rfm.studio.edited",
} as const;

/** Scheme of the schemas that documents name in `$schema`. */
export const SCHEMA_SCHEME = "rfm-schema";

/** The section of our settings, and each of them with its type and the default that package.json must repeat. */
export const SETTINGS_SECTION = "rfm";
export const SETTING_DEFAULTS = {
  provider: "auto" as ProviderChoice,
  model: "",
  outputFolder: "",
  "inversion.method": "fast" as InversionMethod,
  "inversion.iterations": 200,
  "inversion.regularisation": 0.001,
  "inversion.tuningSteps": 100,
};
export type SettingName = keyof typeof SETTING_DEFAULTS;

/** Endings of the pictures that can be inverted; the menus' `when` clauses list the same. */
export const PICTURE_ENDINGS = ["png", "jpg", "jpeg", "webp", "avif", "tif", "tiff", "gif"] as const;

/** Endings of the files of others that can be imported; the menus' `when` clause lists the same. */
export const FOREIGN_ENDINGS = ["pth", "pt", "pkl", "npy", "npz", "safetensors", "onnx", "gz"] as const;

/** Ending of the documents that the Studio edits. */
export const LATENT_ENDING = ".latent.json";

/** Ending of stacks of edits without a face. */
export const RECIPE_ENDING = ".recipe.json";

/** Endings of directions and label sets. */
export const DIRECTION_ENDING = ".direction.json";
export const LABELS_ENDING = ".labels.json";
