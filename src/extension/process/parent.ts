import { constants, setPriority } from "node:os";
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";

/**
 * The connection to the process that forked this one. When the parent lets go or dies, this process ends at once;
 * it also stands back behind the editor when both want the processor.
 *
 * @throws Error where there is no parent on an IPC channel.
 */
export function connectToParent(): MessageConnection {
  if (process.send === undefined) {
    throw new Error("The engine is started by the editor; on a terminal use rfm (dist/cli.js).");
  }
  process.on("disconnect", () => process.exit(0));
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Some sandboxes forbid it; the engine works all the same.
  }
  return createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
}
