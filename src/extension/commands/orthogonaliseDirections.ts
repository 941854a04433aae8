import * as vscode from "vscode";
import { DirectionRequests, type OrthogonaliseParameters } from "../../protocol/directions";
import type { Context } from "../context";
import { chooseDirections, folderBeside } from "../directions/choose";
import { withNotification } from "../progress";
import { askOne, walk, type Option } from "../wizard";
import { offerReport } from "../directions/offerReport";

/** Makes directions orthogonal to each other and writes them into a folder. */
export async function orthogonaliseDirections(
  context: Context,
  file?: vscode.Uri,
  files?: vscode.Uri[],
): Promise<void> {
  const title = vscode.l10n.t("Orthogonalise Directions");
  const directions = await chooseDirections(context, title, file, files);
  const methods: Option<OrthogonaliseParameters["method"]>[] = [
    {
      label: vscode.l10n.t("All alike"),
      description: vscode.l10n.t("each gives way as little as possible"),
      value: "alike",
    },
    {
      label: vscode.l10n.t("In their order"),
      description: vscode.l10n.t("the first stays, each later one gives way to those before"),
      value: "inOrder",
    },
  ];
  const method = await walk<OrthogonaliseParameters["method"]>(
    title,
    () => [(_, place) => askOne(methods, { placeholder: vscode.l10n.t("Which gives way?"), place })],
    "alike",
  );
  const folder = folderBeside(directions[0]?.path);
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("Folder for the directions"),
    ...(folder && { defaultUri: folder }),
    canSelectFolders: true,
    canSelectFiles: false,
  });
  const output = picked?.[0]?.fsPath;
  if (output === undefined) return;
  const paths = directions.map(({ path }) => path);
  const models = await context.packs.everywhere(context.library.activeModel);
  const written = await withNotification(title, ({ signal }) =>
    context.engine.ask(
      DirectionRequests.orthogonaliseDirections,
      { paths, method, output, models },
      { signal },
    ),
  );
  context.library.refresh();
  await offerReport(
    context,
    vscode.l10n.t("Directions saved: {0}.", written.length),
    written.map(({ path }) => path),
  );
}
