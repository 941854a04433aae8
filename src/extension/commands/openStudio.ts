import * as vscode from "vscode";
import type { Context } from "../context";
import { LATENT_ENDING, STUDIO } from "../contributions";

/** Opens a latent in the Studio; from the palette it asks which. */
export async function openStudio(_context: Context, file?: vscode.Uri): Promise<void> {
  const latent = file ?? openLatentFile() ?? (await pickLatent());
  if (latent !== undefined) await vscode.commands.executeCommand("vscode.openWith", latent, STUDIO);
}

/** The latent that is open as text. */
function openLatentFile(): vscode.Uri | undefined {
  const open = vscode.window.activeTextEditor?.document.uri;
  return open?.path.toLowerCase().endsWith(LATENT_ENDING) === true ? open : undefined;
}

async function pickLatent(): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("Open a Latent in the Studio"),
    filters: { [vscode.l10n.t("Latents")]: ["json"] },
  });
  return picked?.[0];
}
