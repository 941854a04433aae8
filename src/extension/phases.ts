import * as vscode from "vscode";

/** What the engine is at, in the person's language; a word that we do not know stays as it is. */
export function phaseName(phase: string): string {
  switch (phase) {
    case "label":
      return vscode.l10n.t("labelling faces");
    case "read":
      return vscode.l10n.t("reading weights");
    case "average":
      return vscode.l10n.t("measuring the average face");
    case "verify":
      return vscode.l10n.t("verifying");
    case "import":
      return vscode.l10n.t("importing");
    case "samples":
      return vscode.l10n.t("drawing faces");
    case "test":
      return vscode.l10n.t("testing on other faces");
    case "map":
      return vscode.l10n.t("making codes");
    case "fit":
      return vscode.l10n.t("fitting");
    case "proof":
      return vscode.l10n.t("proving the quality");
    case "measure":
    case "score faces":
      return vscode.l10n.t("scoring faces");
    case "gradients":
      return vscode.l10n.t("taking gradients of scores");
    case "practise":
      return vscode.l10n.t("correcting on faces");
    case "read weights":
      return vscode.l10n.t("reading weights");
    case "measure sigma":
    case "analyse codes":
      return vscode.l10n.t("analysing codes");
    case "describe":
      return vscode.l10n.t("describing directions");
    default:
      return phase;
  }
}
