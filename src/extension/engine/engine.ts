import * as vscode from "vscode";
import type { Edit } from "../../engine/files";
import {
  EngineRequests,
  type DirectionSummary,
  type EngineRequest,
  type EngineSettings,
  type EngineStatus,
  type InvertParameters,
  type InvertProgress,
  type InvertResult,
  type Look,
  type OpenedLatent,
  type OpenLatentParameters,
  type RenderResult,
  type TuneProgress,
  type TuneResult,
} from "../../protocol/engine";
import { Command } from "../contributions";
import type { Disposing } from "../disposing";
import type { RequestOptions } from "../process/child";
import { EngineClient } from "../process/client";
import { setting, onSettingChange } from "../settings";
import { SessionEnded } from "./failure";
import type { ModelPacks } from "./models";

/** Where the engine's program and the built-in models lie. */
export interface EngineFiles {
  readonly entry: string;
  readonly modelsRoot: string;
}

/**
 * The engine as the rest of the extension sees it. No process runs before the first request; what happens to the
 * process is told to the person here, once, and nowhere else.
 */
export class Engine implements vscode.Disposable {
  readonly #files: EngineFiles;
  readonly #packs: ModelPacks;
  readonly #log: vscode.LogOutputChannel;
  readonly #restarted = new vscode.EventEmitter<undefined>();
  readonly #activityChanged = new vscode.EventEmitter<undefined>();
  readonly #subscriptions: readonly Disposing[];
  readonly #activities: string[] = [];
  #sessions = new WeakSet<OpenedLatent>();
  #client: EngineClient | undefined;
  #provider: string | undefined;

  /** Another process has taken over: sessions of the earlier one are gone. */
  readonly onDidRestart = this.#restarted.event;
  /** {@link activity} or {@link provider} has changed. */
  readonly onDidChangeActivity = this.#activityChanged.event;

  constructor(files: EngineFiles, packs: ModelPacks, log: vscode.LogOutputChannel) {
    this.#files = files;
    this.#packs = packs;
    this.#log = log;
    const configure = (): void => {
      this.#configure();
    };
    this.#subscriptions = [
      onSettingChange("provider", configure),
      packs.onDidChange(configure),
      this.#restarted,
      this.#activityChanged,
    ];
  }

  /** What takes a while at present, in words. */
  get activity(): string | undefined {
    return this.#activities.at(-1);
  }

  /** What computes; unknown before the first request. */
  get provider(): string | undefined {
    return this.#provider;
  }

  status(): Promise<EngineStatus> {
    return this.#started().status();
  }

  async restart(): Promise<void> {
    if (this.#client === undefined) await this.status();
    else await this.#client.restart();
    await this.#learnProvider();
  }

  /** Inverts the faces of a photo. Cancelling keeps the best so far. */
  invert(
    parameters: InvertParameters,
    signal: AbortSignal,
    onProgress: (progress: InvertProgress) => void,
  ): Promise<InvertResult> {
    return this.#during(vscode.l10n.t("inverting"), () =>
      this.#started().request(EngineRequests.invert, parameters, { signal, onProgress }),
    );
  }

  /** Asks something that belongs to no latent. @param activity what to call it while it takes a while */
  ask<Parameters extends object, Result, Progress = never>(
    request: EngineRequest<Parameters, Result, Progress>,
    parameters: Parameters,
    { activity, ...options }: RequestOptions<Progress> & { readonly activity?: string } = {},
  ): Promise<Result> {
    const work = (): Promise<Result> => this.#started().request(request, parameters, options);
    return activity === undefined ? work() : this.#during(activity, work);
  }

  /** Opens a latent; the answer stands for the session in the requests below. */
  async openLatent(parameters: OpenLatentParameters): Promise<OpenedLatent> {
    const opened = await this.#during(vscode.l10n.t("opening"), () =>
      this.#started().request(EngineRequests.openLatent, parameters),
    );
    this.#sessions.add(opened);
    return opened;
  }

  /** Whether a session still exists: it ends with the process that opened it. */
  holds(opened: OpenedLatent): boolean {
    return this.#sessions.has(opened);
  }

  listDirections(opened: OpenedLatent, folders: readonly string[]): Promise<readonly DirectionSummary[]> {
    return this.#inSession(opened, EngineRequests.listDirections, { folders });
  }

  render(opened: OpenedLatent, look: Look): Promise<RenderResult> {
    return this.#inSession(opened, EngineRequests.render, look);
  }

  async saveLatent(opened: OpenedLatent, look: Look, path: string): Promise<void> {
    await this.#inSession(opened, EngineRequests.saveLatent, { ...look, path });
  }

  async savePicture(opened: OpenedLatent, look: Look, path: string): Promise<void> {
    await this.#inSession(opened, EngineRequests.savePicture, { ...look, path });
  }

  /** Matches the face of a latent: see EngineRequests.tuneLatent. */
  tuneLatent(
    opened: OpenedLatent,
    parameters: { readonly steps?: number },
    options: RequestOptions<TuneProgress>,
  ): Promise<TuneResult> {
    return this.#during(vscode.l10n.t("matching"), () =>
      this.#inSession(opened, EngineRequests.tuneLatent, parameters, options),
    );
  }

  async saveDirection(
    opened: OpenedLatent,
    edits: readonly Edit[],
    path: string,
    name: string,
  ): Promise<void> {
    await this.#inSession(opened, EngineRequests.saveDirection, { edits, path, name });
  }

  async saveRecipe(opened: OpenedLatent, edits: readonly Edit[], path: string): Promise<void> {
    await this.#inSession(opened, EngineRequests.saveRecipe, { edits, path });
  }

  /** The edits of a recipe for a latent. @throws where it does not fit */
  readRecipe(opened: OpenedLatent, path: string): Promise<readonly Edit[]> {
    return this.#inSession(opened, EngineRequests.readRecipe, { path });
  }

  /** Lets go of a session; one of an earlier process is gone already. */
  closeLatent(opened: OpenedLatent): void {
    if (!this.#sessions.delete(opened)) return;
    const { session } = opened;
    this.#client?.request(EngineRequests.closeLatent, { session }).catch(() => undefined);
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
    void this.#client?.dispose();
  }

  /**
   * A request in a session. The numbers of sessions begin anew with every process, so one of an earlier process is
   * never sent; instead a process is started, and its start makes the Studios open new sessions.
   */
  async #inSession<Parameters extends { readonly session: number }, Result, Progress = never>(
    opened: OpenedLatent,
    request: EngineRequest<Parameters, Result, Progress>,
    parameters: Omit<Parameters, "session">,
    options: RequestOptions<Progress> = {},
  ): Promise<Result> {
    await this.status();
    if (!this.holds(opened)) {
      throw new SessionEnded(vscode.l10n.t("The RFM engine was started again; try once more."));
    }
    const { session } = opened;
    return this.#started().request(request, { ...parameters, session } as Parameters, options);
  }

  #started(): EngineClient {
    if (this.#client !== undefined) return this.#client;
    this.#client = new EngineClient({
      entry: this.#files.entry,
      settings: this.#settings(),
      events: {
        restarted: (message) => {
          if (message !== undefined) void vscode.window.showWarningMessage(message);
          this.#sessions = new WeakSet();
          this.#restarted.fire(undefined);
          void this.#learnProvider();
        },
        down: (message) => {
          void this.#offerRestart(message);
        },
        log: (text) => {
          this.#log.info(text);
        },
      },
    });
    void this.#learnProvider();
    return this.#client;
  }

  #settings(): EngineSettings {
    return {
      provider: setting("provider"),
      modelsRoot: this.#files.modelsRoot,
      allowedModelRoots: this.#packs.allowedRoots(),
    };
  }

  #configure(): void {
    this.#client?.configure(this.#settings()).catch((error: unknown) => {
      this.#log.error(String(error));
    });
  }

  async #learnProvider(): Promise<void> {
    try {
      const status = await this.status();
      this.#provider = status.provider;
      this.#log.info(JSON.stringify(status));
      this.#activityChanged.fire(undefined);
    } catch {
      // Whoever made the request that started the engine is told.
    }
  }

  async #offerRestart(message: string): Promise<void> {
    this.#log.error(message);
    const restart = vscode.l10n.t("Restart Engine");
    if ((await vscode.window.showErrorMessage(message, restart)) === restart) {
      await vscode.commands.executeCommand(Command.restartEngine);
    }
  }

  async #during<Result>(activity: string, work: () => Promise<Result>): Promise<Result> {
    this.#activities.push(activity);
    this.#activityChanged.fire(undefined);
    try {
      return await work();
    } finally {
      this.#activities.splice(this.#activities.indexOf(activity), 1);
      this.#activityChanged.fire(undefined);
    }
  }
}
