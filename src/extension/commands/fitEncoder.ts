import * as vscode from "vscode";
import type { Context } from "../context";
import { choosePack } from "../packs/choosePack";
import { fitEncoderTo, lacksEncoder } from "../packs/fitEncoder";
import type { KnownPack } from "../packs/library";

/** Gives a model that has no encoder one, so that inversion begins near the face. */
export async function fitEncoder(context: Context, file?: vscode.Uri): Promise<void> {
  const { models, agreements } = context;
  const fits = ({ entry, place }: KnownPack): boolean =>
    place !== "builtIn" && !("message" in entry) && lacksEncoder(entry);
  if (!(await models.content()).some(fits)) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t("No model lacks an encoder that could be fitted to it."),
    );
    return;
  }
  const pack = await choosePack(context, vscode.l10n.t("Fit an Encoder"), file, fits);
  if (pack === undefined || "message" in pack.entry) return;
  if (await agreements.ask(pack.entry)) await fitEncoderTo(context, pack.entry);
}
