import { basename } from "node:path";
import * as vscode from "vscode";
import type { Context } from "../context";
import { setting } from "../settings";

/**
 * Tunes the generator to the face of a Studio's photo, as one step of undo. The weights are written beside the latent, which
 * names them once it is saved.
 */
export async function matchFace({ studios, engine, log }: Context, file?: vscode.Uri): Promise<void> {
  const document = studios.find(file)?.document;
  if (document?.content.phase !== "open") return;
  const { opened } = document.content;
  const title = vscode.l10n.t("Matching the face of {0}", basename(document.uri.fsPath));
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const { tuned, notes } = await vscode.window.withProgress(options, (notification, token) => {
    const cancel = new AbortController();
    token.onCancellationRequested(() => {
      cancel.abort();
    });
    let reached = 0;
    return engine.tuneLatent(
      opened,
      { steps: setting("inversion.tuningSteps", document.uri) },
      {
        signal: cancel.signal,
        onProgress: ({ iteration, iterations, loss }) => {
          const share = (100 * iteration) / Math.max(1, iterations);
          const message =
            loss === undefined
              ? vscode.l10n.t("step {0} of {1}", iteration, iterations)
              : vscode.l10n.t("step {0} of {1}, loss {2}", iteration, iterations, loss.toFixed(4));
          notification.report({ message, increment: Math.max(0, share - reached) });
          reached = Math.max(reached, share);
        },
      },
    );
  });
  for (const note of notes) log.warn(note);
  document.editing.setTuned(vscode.l10n.t("Match This Face"), tuned);
}
