import { fork, type ChildProcess } from "node:child_process";
import {
  CancellationTokenSource,
  createMessageConnection,
  ErrorCodes,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import { RfmError, throwIfCancelled } from "../../engine/files";
import type { EngineRequest } from "../../protocol/engine";
import { fromResponseError, PROGRESS, type WithProgress } from "./wire";

/** How long a process may take to leave when it is asked to. */
const FAREWELL_MILLISECONDS = 1000;

/** Options of one request. */
export interface RequestOptions<Progress> {
  /** Cancels the request; the engine may still answer with what it has. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** One life of the engine process: from its start to its end. */
export class EngineChild {
  readonly #process: ChildProcess;
  readonly #connection: MessageConnection;
  #tokens = 0;
  #ending: string | undefined;

  /** Resolves when the process is gone, with how it went: "killed by SIGKILL", "exit code 1". */
  readonly ended: Promise<string>;

  constructor(entry: string, environment: Readonly<Record<string, string>>, log: (text: string) => void) {
    this.#process = fork(entry, [], {
      // A debugger's port of the host must not be taken a second time.
      execArgv: [],
      // In VS Code `execPath` is Electron, which becomes Node by this variable.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1", ...environment },
      serialization: "advanced",
      silent: true,
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        log(text.trimEnd());
      });
    }
    this.ended = new Promise((resolve) => {
      this.#process.on("exit", (code, signal) => {
        resolve(signal === null ? `exit code ${String(code)}` : `killed by ${signal}`);
      });
      // The process could not be started; there will be no `exit`.
      this.#process.on("error", (error) => {
        resolve(error.message);
      });
    });
    void this.ended.then((ending) => {
      this.#ending = ending;
      this.#connection.dispose();
    });
    this.#connection = createMessageConnection(
      new IPCMessageReader(this.#process),
      new IPCMessageWriter(this.#process),
    );
    // A message that cannot be written or read any more shows in `ended`.
    this.#connection.onError(() => undefined);
    this.#connection.listen();
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /**
   * @throws RfmError with the engine's sentence; RfmError("engine") where the process ends before it answers.
   * @throws CancelledError where the request was cancelled before it was sent or the engine gave it up.
   */
  async request<Parameters extends object, Result, Progress>(
    request: EngineRequest<Parameters, Result, Progress>,
    parameters: Parameters,
    { signal, onProgress }: RequestOptions<Progress> = {},
  ): Promise<Result> {
    throwIfCancelled(signal);
    if (this.#ending !== undefined) throw this.#gone(this.#ending);
    const cancellation = new CancellationTokenSource();
    const cancel = (): void => {
      cancellation.cancel();
    };
    signal?.addEventListener("abort", cancel, { once: true });
    const progressToken = ++this.#tokens;
    const progress =
      onProgress &&
      this.#connection.onProgress(PROGRESS, progressToken, (value) => {
        onProgress(value as Progress);
      });
    const wire: WithProgress<Parameters> = onProgress ? { ...parameters, progressToken } : parameters;
    try {
      return await this.#connection.sendRequest<Result>(request.method, wire, cancellation.token);
    } catch (error) {
      throw fromResponseError(error) ?? (await this.#lost(error));
    } finally {
      signal?.removeEventListener("abort", cancel);
      progress?.dispose();
      cancellation.dispose();
    }
  }

  /** Ends the process at once, whatever it does. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }

  /** Lets the process leave by itself, and ends it where it is too busy to notice. */
  async leave(): Promise<void> {
    if (this.#process.connected) this.#process.disconnect();
    const timer = setTimeout(() => {
      this.kill();
    }, FAREWELL_MILLISECONDS);
    await this.ended;
    clearTimeout(timer);
  }

  /** The request went out but no handler answered it. */
  async #lost(error: unknown): Promise<RfmError> {
    if (error instanceof ResponseError && error.code !== ErrorCodes.PendingResponseRejected) {
      return new RfmError("engine", `The RFM engine could not answer (${error.message}); restart it.`);
    }
    return this.#gone(await this.ended);
  }

  #gone(ending: string): RfmError {
    return new RfmError("engine", `The RFM engine stopped before it was done (${ending}); try again.`);
  }
}
