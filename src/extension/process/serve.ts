import type { CancellationToken, MessageConnection } from "vscode-jsonrpc/node";
import { CancelledError } from "../../engine/files";
import type { EngineRequest } from "../../protocol/engine";
import { PROGRESS, toResponseError, type WithProgress } from "./wire";

/** What a handler gets beside its parameters. */
export interface Call<Progress> {
  /** Aborted when the host cancels the request. */
  readonly signal: AbortSignal;
  /** Sends progress, where the host asked for it. */
  readonly report: (progress: Progress) => void;
}

/** Answers one kind of request. */
export type Handler<Parameters, Result, Progress = never> = (
  parameters: Parameters,
  call: Call<Progress>,
) => Promise<Result>;

/** Binds a handler to its request; failures cross as a sentence and a code. */
export function serve<Parameters extends object, Result, Progress>(
  connection: MessageConnection,
  request: EngineRequest<Parameters, Result, Progress>,
  handler: Handler<Parameters, Result, Progress>,
): void {
  connection.onRequest(
    request.method,
    async (parameters: WithProgress<Parameters>, token: CancellationToken) => {
      const report = (progress: Progress): void => {
        const { progressToken } = parameters;
        if (progressToken === undefined) return;
        void connection.sendProgress(PROGRESS, progressToken, progress);
      };
      try {
        return await handler(parameters, { signal: signalOf(token), report });
      } catch (error) {
        // The host shows the sentence; the stack is for the log.
        if (!(error instanceof CancelledError)) console.error(error);
        return toResponseError(error);
      }
    },
  );
}

function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => {
    controller.abort();
  });
  if (token.isCancellationRequested) controller.abort();
  return controller.signal;
}
