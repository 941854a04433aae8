import * as vscode from "vscode";

/** An attribute in the person's language where we know the word, else as its file calls it, made readable. */
export function attributeName(attribute: string): string {
  return KNOWN_ATTRIBUTES()[keyOf(attribute)] ?? readable(attribute);
}

/** A group of attributes, likewise. */
export function groupName(group: string): string {
  return KNOWN_GROUPS()[keyOf(group)] ?? readable(group);
}

/** Where a group stands among the others: first what people look for first, then the rest in their own order. */
export function groupRank(group: string | undefined): number {
  const rank = group === undefined ? -1 : GROUP_ORDER.indexOf(keyOf(group));
  return rank === -1 ? GROUP_ORDER.length : rank;
}

const GROUP_ORDER: readonly string[] = [
  "expression",
  "identity",
  "person",
  "pose",
  "shape",
  "geometry",
  "light",
];

const keyOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[\s_-]+/g, " ")
    .trim();

function readable(name: string): string {
  const spaced = name.replace(/[_-]+/g, " ").trim();
  return spaced.charAt(0).toLocaleUpperCase() + spaced.slice(1);
}

const KNOWN_ATTRIBUTES = (): Partial<Record<string, string>> => ({
  age: vscode.l10n.t("Age"),
  gender: vscode.l10n.t("Gender"),
  male: vscode.l10n.t("Male"),
  smile: vscode.l10n.t("Smile"),
  happy: vscode.l10n.t("Happy"),
  sad: vscode.l10n.t("Sad"),
  angry: vscode.l10n.t("Angry"),
  fearful: vscode.l10n.t("Fearful"),
  disgusted: vscode.l10n.t("Disgusted"),
  surprised: vscode.l10n.t("Surprised"),
  neutral: vscode.l10n.t("Neutral"),
  yaw: vscode.l10n.t("Turn left or right"),
  pitch: vscode.l10n.t("Look up or down"),
  roll: vscode.l10n.t("Tilt"),
  "mouth open": vscode.l10n.t("Mouth open"),
  "mouth width": vscode.l10n.t("Mouth width"),
  "mouth corners": vscode.l10n.t("Mouth corners"),
  "eyes open": vscode.l10n.t("Eyes open"),
  "brow height": vscode.l10n.t("Brow height"),
  "jaw width": vscode.l10n.t("Jaw width"),
  lips: vscode.l10n.t("Lips"),
  "nose length": vscode.l10n.t("Nose length"),
  "nose width": vscode.l10n.t("Nose width"),
  brightness: vscode.l10n.t("Brightness"),
  "light side": vscode.l10n.t("Light from the side"),
  "skin brightness": vscode.l10n.t("Skin brightness"),
  "hair brightness": vscode.l10n.t("Hair brightness"),
  "skin warmth": vscode.l10n.t("Skin warmth"),
});

const KNOWN_GROUPS = (): Partial<Record<string, string>> => ({
  expression: vscode.l10n.t("Expression"),
  identity: vscode.l10n.t("Identity"),
  person: vscode.l10n.t("Person"),
  shape: vscode.l10n.t("Shape"),
  light: vscode.l10n.t("Light"),
  pose: vscode.l10n.t("Pose"),
  geometry: vscode.l10n.t("Geometry"),
  discovered: vscode.l10n.t("Discovered"),
});
