import { dirname } from "node:path";
import * as vscode from "vscode";
import type { OpenedLatent } from "../../protocol/engine";
import type { Context } from "../context";
import { failureCode } from "../engine/failure";
import { mayUsePacks } from "../packs/mayUse";
import type { SliderDirection } from "../sliders/rows";
import { describeDirections, workspaceDirectionFolders } from "./directions";

/** What sessions need from the rest of the extension. */
export type Surroundings = Pick<Context, "engine" | "packs" | "agreements">;

/**
 * Opens a latent in the engine. The packs that are known are tried first; only where none of them is the latent's
 * model is the workspace searched for others. The licence of the model is shown before it is used for the first time.
 *
 * @throws Error with a sentence where the person does not accept it
 */
export async function openSession(
  surroundings: Surroundings,
  uri: vscode.Uri,
  text: string,
): Promise<OpenedLatent> {
  const opened = await openWithKnown(surroundings, uri, text);
  try {
    if (await mayUsePacks(surroundings, [opened.model])) return opened;
    throw new Error(
      vscode.l10n.t("The licence of this latent's model was not accepted; open the latent again to read it."),
    );
  } catch (error) {
    surroundings.engine.closeLatent(opened);
    throw error;
  }
}

async function openWithKnown(
  { engine, packs }: Surroundings,
  uri: vscode.Uri,
  text: string,
): Promise<OpenedLatent> {
  const document = { text, path: uri.fsPath };
  const known = packs.known(uri);
  try {
    return await engine.openLatent({ ...document, models: known });
  } catch (error) {
    if (failureCode(error) !== "model") throw error;
    const others = await packs.found();
    if (others.length === 0) throw error;
    return engine.openLatent({ ...document, models: [...known, ...others] });
  }
}

/** The directions of the model, and those beside the document. */
export async function nearDirections(
  { engine }: Surroundings,
  uri: vscode.Uri,
  opened: OpenedLatent,
): Promise<SliderDirection[]> {
  return describeDirections(await engine.listDirections(opened, [dirname(uri.fsPath)]));
}

/** The same and those elsewhere in the workspace: a search, so a face should not be kept waiting for it. */
export async function allDirections(
  { engine }: Surroundings,
  uri: vscode.Uri,
  opened: OpenedLatent,
): Promise<SliderDirection[]> {
  const folders = new Set([dirname(uri.fsPath), ...(await workspaceDirectionFolders())]);
  return describeDirections(await engine.listDirections(opened, [...folders]));
}
