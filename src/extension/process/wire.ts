import { ProgressType, ResponseError, type ProgressToken } from "vscode-jsonrpc/node";
import { CancelledError, RfmError } from "../../engine/files";
import { ENGINE_FAILURE, type EngineErrorData } from "../../protocol/engine";

/** Progress of any request; which request it belongs to is known by its token. */
export const PROGRESS = new ProgressType<unknown>();

/** Parameters on the wire: a request that wants progress brings a token. */
export type WithProgress<Parameters> = Parameters & { readonly progressToken?: ProgressToken };

/** A failure as it crosses to the host: its sentence and code. What nobody foresaw is named, its stack is not sent. */
export function toResponseError(error: unknown): ResponseError<EngineErrorData> {
  if (error instanceof RfmError)
    return new ResponseError(ENGINE_FAILURE, error.message, { code: error.code });
  const name = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const line = name.split("\n", 1)[0] ?? "";
  const message = `The engine met an error that it does not know (${line}); please report it with the RFM log.`;
  return new ResponseError(ENGINE_FAILURE, message, { code: "engine" });
}

/** The failure behind an answer, or `undefined` where the error is not one of the engine's answers. */
export function fromResponseError(error: unknown): RfmError | undefined {
  if (!(error instanceof ResponseError)) return undefined;
  const data: unknown = error.data;
  if (typeof data !== "object" || data === null || !("code" in data)) return undefined;
  const code = (data as EngineErrorData).code;
  return code === "cancelled" ? new CancelledError(error.message) : new RfmError(code, error.message);
}
