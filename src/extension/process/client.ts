import { CancelledError, RfmError } from "../../engine/files";
import {
  EngineRequests,
  type EngineRequest,
  type EngineSettings,
  type EngineStatus,
} from "../../protocol/engine";
import { EngineChild, type RequestOptions } from "./child";

/** Deaths closer together than this are one trouble, which starting again does not cure. */
const RELAPSE_MILLISECONDS = 60_000;

/** A cancelled request that has no answer after this long is ended with its process. */
const GRACE_MILLISECONDS = 5000;

/** What the client tells; every sentence is for people. */
export interface EngineEvents {
  /**
   * A new process has taken the place of an earlier one, whose sessions are gone. The message is there when the
   * earlier one ended by itself.
   */
  readonly restarted?: (message: string | undefined) => void;
  /** The process has ended twice in a short while and is not started again until it is used. */
  readonly down?: (message: string) => void;
  /** Something the process wrote to its standard output or error. */
  readonly log?: (text: string) => void;
}

export interface EngineClientOptions {
  /** The engine's program, dist/engine.js. */
  readonly entry: string;
  readonly settings: EngineSettings;
  readonly events?: EngineEvents;
  /** Added to the process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly graceMilliseconds?: number;
  readonly relapseMilliseconds?: number;
}

interface Running {
  readonly child: EngineChild;
  readonly status: EngineStatus;
}

/**
 * The host's end of the engine: starts the process when it is first used, starts it again once when it dies, and
 * ends it where a cancelled request does not give way.
 */
export class EngineClient {
  readonly #options: EngineClientOptions;
  #settings: EngineSettings;
  #child: EngineChild | undefined;
  #running: Promise<Running> | undefined;
  #diedAt = -Infinity;
  #launches = 0;
  #disposed = false;

  constructor(options: EngineClientOptions) {
    this.#options = options;
    this.#settings = options.settings;
  }

  /** Process id while there is a process. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Which provider runs, and the versions; starts the engine. */
  async status(): Promise<EngineStatus> {
    return (await this.#start()).status;
  }

  /**
   * Asks the engine, starting it where it does not run.
   *
   * @throws RfmError with the engine's sentence, or with the code "engine" where the process ended.
   * @throws CancelledError where the signal is aborted and the engine has nothing to answer with.
   */
  async request<Parameters extends object, Result, Progress = never>(
    request: EngineRequest<Parameters, Result, Progress>,
    parameters: Parameters,
    options: RequestOptions<Progress> = {},
  ): Promise<Result> {
    const { child } = await this.#start();
    const grace = this.#watch(child, options.signal);
    try {
      return await child.request(request, parameters, options);
    } catch (error) {
      if (grace.expired) throw new CancelledError();
      throw error;
    } finally {
      grace.end();
    }
  }

  /** Other settings: another provider or models folder restarts the engine, allowed roots are told. */
  async configure(settings: EngineSettings): Promise<void> {
    const { provider, modelsRoot } = this.#settings;
    this.#settings = settings;
    if (this.#running === undefined) return;
    if (settings.provider !== provider || settings.modelsRoot !== modelsRoot) await this.restart();
    else await this.request(EngineRequests.hello, settings);
  }

  /** Ends the process and starts another. */
  async restart(): Promise<void> {
    this.#diedAt = -Infinity;
    await this.#stop();
    await this.#start();
  }

  /** Ends the process for good. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#stop();
  }

  #start(): Promise<Running> {
    if (this.#disposed) {
      return Promise.reject(new RfmError("engine", "The RFM engine has been closed; reload the window."));
    }
    this.#running ??= this.#launch();
    return this.#running;
  }

  async #launch(): Promise<Running> {
    const { entry, environment = {}, events } = this.#options;
    const child = new EngineChild(entry, environment, (text) => events?.log?.(text));
    this.#child = child;
    void child.ended.then((ending) => {
      this.#ended(child, ending);
    });
    try {
      const status = await child.request(EngineRequests.hello, this.#settings);
      this.#launches++;
      if (this.#launches > 1 && child === this.#child) events?.restarted?.(this.#takeMessage());
      return { child, status };
    } catch (error) {
      // The engine answered that it cannot work like this: starting it again would change nothing.
      if (child === this.#child) await this.#stop();
      throw error;
    }
  }

  #message: string | undefined;
  #takeMessage(): string | undefined {
    const message = this.#message;
    this.#message = undefined;
    return message;
  }

  #ended(child: EngineChild, ending: string): void {
    // A process that was told to go is no longer the current one.
    if (child !== this.#child) return;
    this.#child = undefined;
    this.#running = undefined;
    const now = performance.now();
    const relapse = now - this.#diedAt < (this.#options.relapseMilliseconds ?? RELAPSE_MILLISECONDS);
    this.#diedAt = now;
    if (relapse) {
      this.#options.events?.down?.(
        `The RFM engine stopped again (${ending}) and stays down until it is used; the RFM log may tell why.`,
      );
      return;
    }
    this.#relaunch(`The RFM engine stopped (${ending}) and was started again; repeat what it was doing.`);
  }

  #relaunch(message: string): void {
    this.#message = message;
    this.#start().catch((error: unknown) => {
      this.#options.events?.down?.(error instanceof Error ? error.message : String(error));
    });
  }

  async #stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    this.#running = undefined;
    await child?.leave();
  }

  /** Ends a process that goes on with a cancelled request as if nothing had happened. */
  #watch(
    child: EngineChild,
    signal: AbortSignal | undefined,
  ): { readonly expired: boolean; end: () => void } {
    let timer: NodeJS.Timeout | undefined;
    let expired = false;
    const begin = (): void => {
      timer = setTimeout(() => {
        if (child !== this.#child) return;
        expired = true;
        this.#child = undefined;
        this.#running = undefined;
        child.kill();
        this.#relaunch("The RFM engine did not stop when asked to and was started again.");
      }, this.#options.graceMilliseconds ?? GRACE_MILLISECONDS);
    };
    signal?.addEventListener("abort", begin, { once: true });
    return {
      get expired() {
        return expired;
      },
      end: () => {
        signal?.removeEventListener("abort", begin);
        clearTimeout(timer);
      },
    };
  }
}
