import { basename } from "node:path";
import * as vscode from "vscode";
import { ImportRequests, type DataKind, type ImportedData, type LookedFile } from "../../protocol/imports";
import type { Context } from "../context";
import { STUDIO } from "../contributions";
import type { GeneratorEntry } from "../packs/library";
import { withNotification } from "../progress";
import { kindsFor, modelsFor } from "./belonging";
import { pickModel, withNumbers } from "./pickModel";
import { documentFolder, revealDocument } from "./place";

type Data = readonly { readonly path: string; readonly kind: DataKind }[];

/** Makes documents of latents and directions, beside their files or in the folder of the settings, and shows them. */
export async function importData(context: Context, files: readonly LookedFile[]): Promise<void> {
  const unknown = files.find(({ kinds }) => kinds.length === 0);
  if (unknown !== undefined) {
    throw new Error(
      vscode.l10n.t(
        "{0} is nothing that can be imported ({1}); choose a model, a latent or a direction.",
        unknown.path,
        unknown.what,
      ),
    );
  }
  const model = await chooseModel(context, files);
  if (model === undefined) return;
  const data = await chooseKinds(files, model.generator);
  if (data === undefined) return;
  const { written, notes } = await importAll(context, data, model.folder);
  context.library.refresh();
  const [first] = written;
  if (first === undefined) return;
  await revealDocument(first.path);
  await tell(written, notes);
}

/** The model whose numbers the files have; the person is asked where several have them. */
async function chooseModel(
  { models }: Context,
  files: readonly LookedFile[],
): Promise<GeneratorEntry | undefined> {
  const generators = await models.generators();
  const fitting = modelsFor(files, generators.map(withNumbers)).map(({ entry }) => entry);
  if (fitting.length > 0) return pickModel(fitting);
  throw new Error(
    vscode.l10n.t(
      "{0} has the shape {1}, which fits no model that is installed; import its own model first.",
      files[0]?.path ?? "",
      files[0]?.shape?.join("x") ?? "",
    ),
  );
}

/** Asks once where arrays could be latents and directions alike. */
async function chooseKinds(
  files: readonly LookedFile[],
  model: GeneratorEntry["generator"],
): Promise<Data | undefined> {
  const kinds = files.map((file) => kindsFor(file, model));
  const isUnclear = kinds.some((possible) => possible.length > 1);
  const preferred = isUnclear ? await askKind() : undefined;
  if (isUnclear && preferred === undefined) return undefined;
  return files.flatMap(({ path }, index) => {
    const possible = kinds[index] ?? [];
    const kind = preferred !== undefined && possible.includes(preferred) ? preferred : possible[0];
    return kind === undefined ? [] : [{ path, kind }];
  });
}

async function askKind(): Promise<DataKind | undefined> {
  const options: (vscode.QuickPickItem & { kindOfData: DataKind })[] = [
    {
      label: vscode.l10n.t("A direction"),
      detail: vscode.l10n.t("Becomes a slider."),
      kindOfData: "direction",
    },
    { label: vscode.l10n.t("A latent"), detail: vscode.l10n.t("Opens in the Studio."), kindOfData: "latent" },
  ];
  const title = vscode.l10n.t("What Is in the Array?");
  return (await vscode.window.showQuickPick(options, { title, ignoreFocusOut: true }))?.kindOfData;
}

/** Files of one folder go together. */
async function importAll({ engine }: Context, data: Data, model: string): Promise<ImportedData> {
  const folders = new Map<string, { path: string; kind: DataKind }[]>();
  for (const file of data) {
    const output = documentFolder(file.path);
    const together = folders.get(output);
    if (together === undefined) folders.set(output, [file]);
    else together.push(file);
  }
  return withNotification(vscode.l10n.t("Importing"), async (working) => {
    const all: ImportedData[] = [];
    for (const [output, files] of folders) {
      const options = { ...working, activity: vscode.l10n.t("importing") };
      all.push(await engine.ask(ImportRequests.importData, { files, output, model }, options));
    }
    return { written: all.flatMap(({ written }) => written), notes: all.flatMap(({ notes }) => notes) };
  });
}

async function tell(written: ImportedData["written"], notes: readonly string[]): Promise<void> {
  const [first] = written;
  const name = basename(first?.path ?? "");
  const told =
    written.length === 1
      ? vscode.l10n.t("{0} was imported.", name)
      : vscode.l10n.t("{0} documents were imported.", written.length);
  const latent = written.find(({ kind }) => kind === "latent");
  const open = vscode.l10n.t("Open in Studio");
  const buttons = latent === undefined ? [] : [open];
  const show = notes.length > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  if ((await show([told, ...notes].join(" "), ...buttons)) !== open || latent === undefined) return;
  await vscode.commands.executeCommand("vscode.openWith", vscode.Uri.file(latent.path), STUDIO);
}
