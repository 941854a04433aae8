import * as vscode from "vscode";
import { DirectionRequests } from "../../protocol/directions";
import type { Context } from "../context";
import { askWhatToDiscover } from "../discovery/choices";
import { DiscoveryPanel } from "../discovery/panel";
import { isCancelled, sentence } from "../engine/failure";
import { mayUsePacks } from "../packs/mayUse";
import { withNotification } from "../progress";

/** Looks for directions without labels and shows what each changes; those worth it are named and saved. */
export async function discoverDirections(context: Context): Promise<void> {
  if (!(await mayUsePacks(context, [context.library.activeModel]))) return;
  const { model } = await context.library.content();
  const { method, layers, count } = await askWhatToDiscover(model.layers);
  const title = vscode.l10n.t("Directions of {0}", model.name);
  const panel = new DiscoveryPanel(context, title);
  panel.tell(vscode.l10n.t("Looking for directions..."));
  try {
    await withNotification(vscode.l10n.t("Discovering directions"), (working) =>
      context.engine.ask(
        DirectionRequests.discoverDirections,
        { model: model.folder, method, count, ...(layers && { layers }) },
        {
          ...working,
          onProgress: ({ found, ...progress }) => {
            if (found !== undefined) panel.add(found);
            working.onProgress(progress);
          },
          activity: vscode.l10n.t("discovering"),
        },
      ),
    );
    panel.tell(undefined);
  } catch (error) {
    // Whatever was found until then can still be saved.
    panel.tell(isCancelled(error) ? vscode.l10n.t("Stopped.") : sentence(error));
    throw error;
  }
}
