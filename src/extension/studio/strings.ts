import * as vscode from "vscode";
import type { StudioStrings } from "../../protocol/webview";

/** The words of the Studio's page. @param madeOfPhoto whether the latent names a photo that it was made from */
export function studioStrings(madeOfPhoto: boolean): StudioStrings {
  return {
    panes: {
      photo: vscode.l10n.t("Photo"),
      reconstruction: vscode.l10n.t("Reconstruction"),
      edit: vscode.l10n.t("Edit"),
    },
    missingPhoto: madeOfPhoto
      ? vscode.l10n.t("The photo is no longer where the latent says.")
      : vscode.l10n.t("This latent was not made from a photo."),
    compare: vscode.l10n.t("Hold to compare"),
    compareHint: vscode.l10n.t("Hold, or hold the key C, to see the face without edits"),
    comparing: vscode.l10n.t("Without edits"),
    showOccluders: vscode.l10n.t("Show what was left out"),
    details: vscode.l10n.t("Details"),
    frame: vscode.l10n.t("Last frame: {0} ms"),
    edits: vscode.l10n.t("Edits"),
    noEdits: vscode.l10n.t("No edits yet: move a slider in the RFM view."),
    mute: vscode.l10n.t("Mute"),
    unmute: vscode.l10n.t("Unmute"),
    remove: vscode.l10n.t("Remove"),
    muted: vscode.l10n.t("muted"),
    openAsText: vscode.l10n.t("Open as Text"),
    restartEngine: vscode.l10n.t("Restart Engine"),
  };
}
