import * as vscode from "vscode";
import type { Context } from "../context";
import { describePack } from "./describe";
import type { KnownPack } from "./library";

/** The pack that a command means: the line it was given, or one of those that fit, which the person picks. */
export async function choosePack(
  { models }: Pick<Context, "models">,
  title: string,
  file: vscode.Uri | undefined,
  fits: (pack: KnownPack) => boolean = () => true,
): Promise<KnownPack | undefined> {
  const known = (await models.content()).filter(fits);
  if (file !== undefined) return known.find(({ folder }) => folder === file.fsPath);
  const options = known.map((pack) => ({ ...describePack(pack), pack }));
  const items = options.map(({ label, description, pack }) => ({ label, description, pack }));
  return (await vscode.window.showQuickPick(items, { title }))?.pack;
}
