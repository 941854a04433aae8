import { dirname } from "node:path";
import * as vscode from "vscode";
import type { DirectionEntry, LabelSetEntry } from "../../protocol/directions";
import type { Context } from "../context";
import { DIRECTION_ENDING, LABELS_ENDING } from "../contributions";
import { BACK, askOne, askSome, walk, type Option } from "../wizard";
import { describeEntry } from "./describe";

/** The files of a kind among what a command was given. */
export function filesOf(
  ending: string,
  file: vscode.Uri | undefined,
  files: readonly vscode.Uri[] | undefined,
): string[] {
  const given = files !== undefined && files.length > 0 ? files : file === undefined ? [] : [file];
  return given.map(({ fsPath }) => fsPath).filter((path) => path.endsWith(ending));
}

/** The direction that a command means: the one it was given, or one that the person picks. */
export async function chooseDirection(
  context: Context,
  title: string,
  file: vscode.Uri | undefined,
): Promise<DirectionEntry> {
  const [given] = filesOf(DIRECTION_ENDING, file, undefined);
  const entries = await directionsThatFit(context, given);
  const known = given === undefined ? undefined : entries.find(({ path }) => path === given);
  if (known !== undefined) return known;
  const placeholder = vscode.l10n.t("Which direction?");
  const [chosen] = await walk<readonly DirectionEntry[]>(
    title,
    () => [
      async (_, place) => {
        const answer = await askOne(options(entries), { placeholder, place });
        return answer === BACK ? BACK : [answer];
      },
    ],
    [],
  );
  if (chosen === undefined) throw new vscode.CancellationError();
  return chosen;
}

/** The directions that a command means: those it was given where they are several, or those that the person picks. */
export async function chooseDirections(
  context: Context,
  title: string,
  file: vscode.Uri | undefined,
  files: readonly vscode.Uri[] | undefined,
): Promise<readonly DirectionEntry[]> {
  const given = filesOf(DIRECTION_ENDING, file, files);
  const entries = await directionsThatFit(context, ...given);
  const known = given.flatMap((path) => entries.filter((entry) => entry.path === path));
  if (known.length > 1) return known;
  const placeholder = vscode.l10n.t("Which directions? At least two.");
  return walk<readonly DirectionEntry[]>(
    title,
    () => [async (_, place) => askSome(options(entries, given), { placeholder, place }, 2)],
    [],
  );
}

/** Directions as options to choose from, by name. */
export function options(
  entries: readonly DirectionEntry[],
  picked: readonly string[] = [],
): Option<DirectionEntry>[] {
  return entries
    .map((value) => {
      const { label, description } = describeEntry(value);
      return { label, description, picked: picked.includes(value.path), value };
    })
    .sort((a, b) => a.label.localeCompare(b.label));
}

/**
 * The directions of the active model.
 *
 * @throws Error with the sentence that tells why one of `given` cannot be used with it
 */
export async function directionsThatFit(
  { library }: Context,
  ...given: readonly (string | undefined)[]
): Promise<DirectionEntry[]> {
  const entries = await library.directions();
  const misfit = entries.find(({ path, misfit: why }) => why !== undefined && given.includes(path))?.misfit;
  if (misfit !== undefined) throw new Error(misfit);
  return entries.filter((entry) => entry.misfit === undefined);
}

/** The label set that a command was given, if it is one that the workspace has. */
export async function givenLabelSet(
  { library }: Context,
  file: vscode.Uri | undefined,
): Promise<LabelSetEntry | undefined> {
  const [given] = filesOf(LABELS_ENDING, file, undefined);
  if (given === undefined) return undefined;
  return (await library.labelSets()).find(({ path }) => path === given);
}

/** Where a new file is proposed: beside another of the workspace, else in the workspace folder. */
export function folderBeside(path: string | undefined): vscode.Uri | undefined {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const inWorkspace =
    path !== undefined && vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path)) !== undefined;
  return inWorkspace ? vscode.Uri.file(dirname(path)) : folders[0]?.uri;
}

/** Asks where to write a direction; nothing where the person changed their mind. */
export async function askWhereToWrite(
  title: string,
  name: string,
  beside: string | undefined,
): Promise<string | undefined> {
  const folder = folderBeside(beside);
  const target = await vscode.window.showSaveDialog({
    title,
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, `${name}${DIRECTION_ENDING}`) }),
    filters: { [vscode.l10n.t("Directions")]: ["json"] },
  });
  return target === undefined ? undefined : withEnding(target.fsPath, DIRECTION_ENDING);
}

/** A path with the ending that documents of its kind have. */
export function withEnding(path: string, ending: string): string {
  return path.endsWith(ending) ? path : path.replace(/(\.json)?$/, ending);
}
