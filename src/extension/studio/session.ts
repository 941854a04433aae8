import { dirname } from "node:path";
import type * as vscode from "vscode";
import type { OpenedLatent } from "../../protocol/engine";
import type { Context } from "../context";
import { failureCode } from "../engine/failure";
import type { SliderDirection } from "../sliders/rows";
import { describeDirections, workspaceDirectionFolders } from "./directions";

/** What sessions need from the rest of the extension. */
export type Surroundings = Pick<Context, "engine" | "packs">;

/**
 * Opens a latent in the engine. The packs that are known are tried first; only where none of them is the latent's
 * model is the workspace searched for others.
 */
export async function openSession(
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
