import { basename } from "node:path";
import * as vscode from "vscode";
import type { LookedInto } from "../../protocol/imports";
import { sizeInWords } from "../packs/describe";

/** No more files than this are told one by one. */
const MOST_TOLD = 12;

/** Shows what the files are and under which licences, before anything of them is used. @returns whether to go on */
export async function confirmImport(looked: LookedInto): Promise<boolean> {
  const { files, isModel } = looked;
  const [first] = files;
  const name = basename(first?.path ?? "");
  const message =
    files.length === 1
      ? isModel
        ? vscode.l10n.t("Import {0} as a model?", name)
        : vscode.l10n.t("Import {0}?", name)
      : isModel
        ? vscode.l10n.t("Import {0} files as one model?", files.length)
        : vscode.l10n.t("Import {0} files?", files.length);
  const button = vscode.l10n.t("Import");
  const options = { modal: true, detail: detailOf(looked) };
  return (await vscode.window.showInformationMessage(message, options, button)) === button;
}

function detailOf({ files, licences, notes }: LookedInto): string {
  const told = files
    .slice(0, MOST_TOLD)
    .map(({ path, bytes, what }) => `${basename(path)} (${sizeInWords(bytes)}): ${what}`);
  const more = files.length - told.length;
  if (more > 0) told.push(vscode.l10n.t("{0} more files.", more));
  const paragraphs = [
    told.join("\n"),
    ...notes,
    ...(licences.length === 0 ? [] : [vscode.l10n.t("Licence: {0}", licences.join(" "))]),
  ];
  return paragraphs.join("\n\n");
}
