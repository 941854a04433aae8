import * as vscode from "vscode";
import type { Edit } from "../../engine/files";
import {
  EngineRequests,
  type DirectionSummary,
  type EngineSettings,
  type EngineStatus,
  type InvertParameters,
  type InvertProgress,
  type InvertResult,
  type OpenedLatent,
  type OpenLatentParameters,
  type RenderResult,
} from "../../protocol/engine";
import { Command } from "../contributions";
import type { Disposing } from "../disposing";
import { EngineClient } from "../process/client";
import { setting, onSettingChange } from "../settings";
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

  openLatent(parameters: OpenLatentParameters): Promise<OpenedLatent> {
    return this.#during(vscode.l10n.t("opening"), () =>
      this.#started().request(EngineRequests.openLatent, parameters),
    );
  }

  listDirections(session: number, folders: readonly string[]): Promise<readonly DirectionSummary[]> {
    return this.#started().request(EngineRequests.listDirections, { session, folders });
  }

  render(session: number, edits: readonly Edit[]): Promise<RenderResult> {
    return this.#started().request(EngineRequests.render, { session, edits });
  }

  async saveLatent(session: number, edits: readonly Edit[], path: string): Promise<void> {
    await this.#started().request(EngineRequests.saveLatent, { session, edits, path });
  }

  async savePicture(session: number, edits: readonly Edit[], path: string): Promise<void> {
    await this.#started().request(EngineRequests.savePicture, { session, edits, path });
  }

  async saveDirection(session: number, edits: readonly Edit[], path: string, name: string): Promise<void> {
    await this.#started().request(EngineRequests.saveDirection, { session, edits, path, name });
  }

  /** Lets go of a session; one of an earlier process is gone already. */
  closeLatent(session: number): void {
    this.#client?.request(EngineRequests.closeLatent, { session }).catch(() => undefined);
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
    void this.#client?.dispose();
  }

  #started(): EngineClient {
    if (this.#client !== undefined) return this.#client;
    this.#client = new EngineClient({
      entry: this.#files.entry,
      settings: this.#settings(),
      events: {
        restarted: (message) => {
          if (message !== undefined) void vscode.window.showWarningMessage(message);
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
