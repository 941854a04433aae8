import * as vscode from "vscode";
import type { WorkProgress } from "../protocol/directions";
import { phaseName } from "./phases";

/** What long work gets: how to tell of its progress, and whether the person has stopped it. */
export interface Working {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: WorkProgress) => void;
}

/** Runs long work under a notification that can be cancelled. */
export async function withNotification<Result>(
  title: string,
  work: (working: Working) => Promise<Result>,
): Promise<Result> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (notification, token) => {
    const cancel = new AbortController();
    token.onCancellationRequested(() => {
      cancel.abort();
    });
    // VS Code wants steps, the engine tells where it is; every phase has a bar of its own to fill, so only the first
    // one moves the notification's.
    let reached = 0;
    return work({
      signal: cancel.signal,
      onProgress: ({ phase, done, total }) => {
        const name = phaseName(phase);
        if (total === 0) {
          notification.report({ message: name });
          return;
        }
        const share = (100 * done) / total;
        notification.report({
          message: vscode.l10n.t("{0}: {1} of {2}", name, done, total),
          increment: Math.max(0, share - reached),
        });
        reached = Math.max(reached, share);
      },
    });
  });
}
