import { basename } from "node:path";
import * as vscode from "vscode";
import type { Context } from "../context";
import { DIRECTION_ENDING, LABELS_ENDING } from "../contributions";
import { reportTitle } from "../report/panel";
import { askSome, walk } from "../wizard";
import { options } from "./choose";

/** What a report is about. */
export interface ReportTargets {
  readonly title: string;
  readonly paths: readonly string[];
}

/**
 * The directions that a report shall show: those that were given, those of a label set, those of a model's folder, or
 * those that the person picks. Nothing where a label set has none yet, which is told.
 */
export async function reportTargets(
  context: Context,
  file?: vscode.Uri,
  files?: readonly vscode.Uri[],
): Promise<ReportTargets | undefined> {
  const given = (files ?? (file === undefined ? [] : [file])).map(({ fsPath }) => fsPath);
  const paths = given.filter((path) => path.endsWith(DIRECTION_ENDING));
  if (paths.length > 0) return { title: reportTitle(paths, undefined), paths };
  const [only] = given;
  if (only === undefined) return pick(context);
  const found = only.endsWith(LABELS_ENDING) ? await ofLabelSet(context, only) : await ofModel(context);
  if (found.paths.length > 0) return found;
  void vscode.window.showInformationMessage(vscode.l10n.t("{0} has no directions yet.", found.title));
  return undefined;
}

async function ofLabelSet({ library }: Context, path: string): Promise<ReportTargets> {
  const name = basename(path, LABELS_ENDING);
  const paths = (await library.directions())
    .filter(({ labelSet, misfit }) => labelSet === name && misfit === undefined)
    .map((direction) => direction.path);
  return { title: name, paths };
}

async function ofModel({ library }: Context): Promise<ReportTargets> {
  const { model, own } = await library.content();
  const paths = own.filter(({ kind }) => kind === "direction").map(({ path }) => path);
  return { title: model.name, paths };
}

async function pick({ library }: Context): Promise<ReportTargets> {
  const entries = await library.directions();
  const placeholder = vscode.l10n.t("Which directions?");
  const chosen = await walk<readonly string[]>(
    vscode.l10n.t("Show Direction Report"),
    () => [
      (_, place) =>
        askSome(
          options(entries).map(({ value, ...option }) => ({ ...option, value: value.path })),
          { placeholder, place },
        ),
    ],
    [],
  );
  return { title: reportTitle(chosen, undefined), paths: chosen };
}
