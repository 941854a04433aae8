import { basename } from "node:path";
import * as vscode from "vscode";
import type { PackEntry } from "../../protocol/imports";
import type { PackPlace } from "../engine/models";
import type { Described } from "../tree/described";
import type { KnownPack } from "./library";

/** Digits of a hash that tell packs apart at a glance. */
const SHORT_HASH = 8;

/** A pack in words. */
export function describePack({ entry, folder, place, active }: KnownPack): Described {
  if ("message" in entry) {
    return {
      label: basename(folder),
      description: vscode.l10n.t("cannot be read"),
      tooltip: entry.message,
      icon: "error",
      warning: true,
    };
  }
  const facts = factsOf(entry);
  return {
    label: entry.name,
    description: [
      ...(active ? [vscode.l10n.t("active")] : []),
      ...facts,
      entry.sha256.slice(0, SHORT_HASH),
    ].join(" · "),
    tooltip: [
      folder,
      placeName(place),
      facts.join(" · "),
      `SHA-256 ${entry.sha256}`,
      ...(entry.generator?.missing ?? []),
      ...startWithoutEncoder(entry),
      ...(entry.licence === undefined ? [] : [vscode.l10n.t("Licence: {0}", entry.licence)]),
    ].join("\n"),
    icon: active ? "check" : entry.generator === undefined ? "checklist" : "symbol-class",
    warning: false,
  };
}

/** Where inversion begins without an encoder, in a sentence; none for packs that have one or draw no faces. */
export function startWithoutEncoder({ generator }: PackEntry): string[] {
  if (generator === undefined || generator.hasEncoder) return [];
  return [
    generator.hasMapping
      ? vscode.l10n.t(
          "It has no encoder: inversion begins at the likest of a few drawn faces, so give it more steps.",
        )
      : vscode.l10n.t("It has no encoder: inversion begins at the average face, so give it more steps."),
  ];
}

/** Architecture, size of its pictures, size on the disk. */
export function factsOf({ architecture, generator, bytes }: PackEntry): string[] {
  return [
    architecture,
    ...(generator === undefined ? [] : [vscode.l10n.t("{0} pixels", generator.resolution)]),
    sizeInWords(bytes),
  ];
}

/** Bytes as people read them, in decimal units as file managers do. */
export function sizeInWords(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** step;
  const digits = step === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[step] ?? ""}`;
}

function placeName(place: PackPlace): string {
  switch (place) {
    case "builtIn":
      return vscode.l10n.t("comes with the extension");
    case "installed":
      return vscode.l10n.t("imported, for all workspaces");
    case "workspace":
      return vscode.l10n.t("in this workspace");
    case "elsewhere":
      return vscode.l10n.t("named by a setting");
  }
}
