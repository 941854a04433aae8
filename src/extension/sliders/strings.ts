import * as vscode from "vscode";
import type { SlidersStrings } from "../../protocol/webview";

/** The words of the side panel's page. */
export function slidersStrings(): SlidersStrings {
  return {
    welcome: vscode.l10n.t(
      "Open a latent in the Studio, or invert a face in a photo, to edit it with sliders.",
    ),
    invertFace: vscode.l10n.t("Invert Face..."),
    search: vscode.l10n.t("Search attributes"),
    nothingFound: vscode.l10n.t("No attribute has this name."),
    reset: vscode.l10n.t("Reset"),
    resetAll: vscode.l10n.t("Reset All"),
    amount: vscode.l10n.t("amount in standard deviations"),
    layers: vscode.l10n.t("layers"),
    firstLayer: vscode.l10n.t("first layer"),
    endLayer: vscode.l10n.t("layer to stop before"),
    likeness: vscode.l10n.t("Likeness"),
    likenessHint: vscode.l10n.t(
      "How far the model is moved to this face: 0 is the model as it is, 1 is the match.",
    ),
    matchFace: vscode.l10n.t("Match This Face"),
    matchHint: vscode.l10n.t(
      "Tunes the model's weights to the face of the photo, so that it is that person.",
    ),
  };
}
