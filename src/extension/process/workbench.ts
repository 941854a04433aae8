import { realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { version } from "../../../package.json";
import { openFaceNets, type FaceNets } from "../../engine/faces";
import { RfmError, type RunBlock } from "../../engine/files";
import { Inverter } from "../../engine/inversion";
import { builtInScorer, type Scorer } from "../../engine/labels";
import { openModel, openPack, type Model, type ModelPack } from "../../engine/models";
import { openRuntime, type Runtime } from "../../engine/runtime";
import type { EngineSettings } from "../../protocol/engine";
import type { LatentSession } from "./latentSession";
import { FileSummaries } from "./summaries";

/** What the engine process works with; everything is opened when it is first needed and stays. */
export class Workbench {
  #settings: EngineSettings | undefined;
  #runtime: Promise<Runtime> | undefined;
  #faces: Promise<FaceNets> | undefined;
  readonly #models = new Map<string, Promise<Model>>();
  readonly #scorers = new Map<Model, Scorer>();
  readonly #inverters = new Map<Model, Inverter>();
  readonly #sessions = new Map<number, LatentSession>();
  #newestSession = 0;

  /** Label sets and directions that were looked at. */
  readonly summaries = new FileSummaries();

  /** Takes over what the host says. Another provider means another process, which the host sees to. */
  configure(settings: EngineSettings): void {
    this.#settings = settings;
  }

  get #told(): EngineSettings {
    if (this.#settings !== undefined) return this.#settings;
    throw new RfmError("engine", "The engine was asked before it was told its settings; restart it.");
  }

  runtime(): Promise<Runtime> {
    this.#runtime ??= openRuntime(this.#told.provider);
    return this.#runtime;
  }

  /** @throws RfmError where the built-in face nets are missing. */
  async faces(): Promise<FaceNets> {
    const runtime = await this.runtime();
    this.#faces ??= openFaceNets(join(this.#told.modelsRoot, "faces"), runtime);
    this.#faces.catch(() => {
      this.#faces = undefined;
    });
    return this.#faces;
  }

  /**
   * A pack that may be used: inside one of the allowed folders, wherever links lead.
   *
   * @throws RfmError("model") where it lies elsewhere or is no pack.
   */
  async pack(folder: string): Promise<ModelPack> {
    await this.checkAllowed(folder);
    return openPack(folder);
  }

  /** @throws RfmError("model") where a pack lies outside the allowed folders. */
  async checkAllowed(folder: string): Promise<void> {
    const { modelsRoot, allowedModelRoots } = this.#told;
    const place = await real(folder);
    const roots = await Promise.all([modelsRoot, ...allowedModelRoots].map(real));
    if (!roots.some((root) => isInside(place, root))) {
      throw new RfmError(
        "model",
        `The model pack ${folder} may not be loaded here; trust the workspace that it lies in, or use the built-in model.`,
      );
    }
  }

  /** The model of a pack that may be used. A pack that was built anew is another one. */
  async model(pack: ModelPack): Promise<Model> {
    const key = `${pack.folder} ${pack.manifest.build.key}`;
    const known = this.#models.get(key) ?? this.runtime().then((runtime) => openModel(pack, runtime));
    this.#models.set(key, known);
    known.catch(() => this.#models.delete(key));
    return known;
  }

  async inverter(model: Model): Promise<Inverter> {
    const known = this.#inverters.get(model) ?? new Inverter(model, await this.faces());
    this.#inverters.set(model, known);
    return known;
  }

  /** The built-in scorer for the faces of a model. */
  async scorer(model: Model): Promise<Scorer> {
    const known = this.#scorers.get(model) ?? builtInScorer(await this.faces(), model.alignment);
    this.#scorers.set(model, known);
    return known;
  }

  /** What documents written now say about their making. */
  async runBlock(): Promise<RunBlock> {
    const { provider } = await this.runtime();
    return { createdAt: new Date().toISOString(), provider, version };
  }

  addSession(session: LatentSession): number {
    this.#sessions.set(++this.#newestSession, session);
    return this.#newestSession;
  }

  /** @throws RfmError("engine") for a session of an earlier process or one that is closed. */
  session(id: number): LatentSession {
    const session = this.#sessions.get(id);
    if (session === undefined) {
      throw new RfmError("engine", "The engine no longer holds this latent; open it again.");
    }
    return session;
  }

  removeSession(id: number): void {
    void this.#sessions.get(id)?.dispose();
    this.#sessions.delete(id);
  }
}

/** The place behind links; what does not exist is judged by its name, and then not found. */
async function real(path: string): Promise<string> {
  return await realpath(path).catch(() => path);
}

function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !/^([A-Za-z]:)?[\\/]/.test(way);
}
