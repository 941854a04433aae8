import * as vscode from "vscode";
import type { DirectionEntry, FileEntry, LabelSetEntry } from "../../protocol/directions";
import { attributeName } from "../studio/attributeNames";
import type { Described } from "../tree/described";

/** A label set, a direction, or a file that is neither, in words. */
export function describeEntry(entry: FileEntry): Described {
  switch (entry.kind) {
    case "direction":
      return describeDirection(entry);
    case "labels":
      return describeLabelSet(entry);
    case "broken":
      return {
        label: entry.name,
        description: vscode.l10n.t("cannot be read"),
        tooltip: entry.message,
        icon: "error",
        warning: true,
      };
  }
}

function describeDirection(entry: DirectionEntry): Described {
  const { attribute, name, auc, accuracy, space, layers, labelSet, conditionedOn, description, misfit } =
    entry;
  const label = attributeName(attribute);
  const aucText = auc === undefined ? undefined : `AUC ${auc.toFixed(3)}`;
  // Codes in z have one row, which is no layer of the picture.
  const layersText = space === "z" ? undefined : vscode.l10n.t("layers {0}–{1}", layers[0], layers[1]);
  return {
    label,
    description: told([
      name === attribute ? undefined : name,
      misfit === undefined ? undefined : vscode.l10n.t("does not fit the active model"),
      aucText,
      layersText,
    ]),
    tooltip: lines([
      misfit,
      entry.path,
      aucText,
      accuracy === undefined
        ? undefined
        : vscode.l10n.t("accuracy on held-out faces: {0}%", (accuracy * 100).toFixed(1)),
      layersText,
      labelSet === undefined ? undefined : vscode.l10n.t("Label set: {0}", labelSet),
      vscode.l10n.t("Model: {0}", entry.model),
      conditionedOn === undefined || conditionedOn.length === 0
        ? undefined
        : vscode.l10n.t("Conditioned on {0}", conditionedOn.map(attributeName).join(", ")),
      description,
    ]),
    icon: misfit === undefined ? "arrow-both" : "warning",
    warning: misfit !== undefined,
  };
}

function describeLabelSet(entry: LabelSetEntry): Described {
  const { name, count, done, attributes, seeds, misfit } = entry;
  const faces =
    done < count ? vscode.l10n.t("{0} of {1} faces", done, count) : vscode.l10n.t("{0} faces", count);
  return {
    label: name,
    description: told([
      misfit === undefined ? undefined : vscode.l10n.t("does not fit the active model"),
      faces,
      vscode.l10n.t("{0} attributes", attributes.length),
    ]),
    tooltip: lines([
      misfit,
      entry.path,
      faces,
      seeds === undefined ? undefined : vscode.l10n.t("Seeds {0} to {1}", seeds.start, seeds.end - 1),
      vscode.l10n.t("Model: {0}", entry.model),
      vscode.l10n.t("Scorer: {0}", entry.scorer),
      attributes.map((attribute) => attributeName(attribute.name)).join(", "),
    ]),
    icon: misfit === undefined ? (done < count ? "sync-ignored" : "table") : "warning",
    warning: misfit !== undefined,
  };
}

const told = (parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(" · ");
const lines = (parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join("\n");
