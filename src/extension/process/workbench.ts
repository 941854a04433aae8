import { realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { version } from "../../../package.json";
import { openFaceNets, type FaceNets } from "../../engine/faces";
import { RfmError, type RunBlock } from "../../engine/files";
import { Inverter, RfmInverter } from "../../engine/inversion";
import { builtInScorer, type Scorer } from "../../engine/labels";
import { openModel, openPack, type Model, type ModelPack, type Perceptual } from "../../engine/models";
import { openRuntime, type Runtime } from "../../engine/runtime";
import type { EngineSettings } from "../../protocol/engine";
import { newestPerceptual } from "./inversion/perceptual";
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
  readonly #rfmInverters = new Map<Model, RfmInverter>();
  #perceptual: Perceptual | undefined;
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

  /** The model of a pack that may be used. A pack that was built anew, or has got another encoder, is another one. */
  async model(pack: ModelPack): Promise<Model> {
    const { build, files } = pack.manifest;
    // No path holds a NUL.
    const place = `${pack.folder}\0`;
    const key = `${place}${build.key} ${files.encoder?.sha256 ?? ""}`;
    const known = this.#models.get(key);
    if (known !== undefined) return known;
    const opening = this.runtime().then((runtime) => openModel(pack, runtime));
    const former = [...this.#models].filter(([other]) => other.startsWith(place));
    this.#models.set(key, opening);
    opening.catch(() => this.#models.delete(key));
    for (const [other, model] of former) {
      this.#models.delete(other);
      this.#letGo(await model.catch(() => undefined));
    }
    return opening;
  }

  /** Frees what is made for a model whose pack is another one now. What is open in a Studio, or at work, keeps the model itself. */
  #letGo(model: Model | undefined): void {
    if (model === undefined) return;
    const inverters = [this.#inverters.get(model), this.#rfmInverters.get(model)];
    this.#inverters.delete(model);
    this.#rfmInverters.delete(model);
    this.#scorers.delete(model);
    for (const inverter of inverters) dispose(inverter);
  }

  /** The fast method for a model. @param perceptual LPIPS, where it is installed */
  async inverter(model: Model, perceptual: Perceptual | undefined): Promise<Inverter> {
    const faces = await this.faces();
    // Two that ask at once get the same one, for they take turns.
    const known = this.#inverters.get(model);
    if (known !== undefined && known.perceptual === perceptual) return known;
    const made = new Inverter(model, faces, perceptual);
    this.#inverters.set(model, made);
    dispose(known);
    return made;
  }

  /** RFM's method for a model. @param perceptual LPIPS, where it is installed */
  async rfmInverter(model: Model, perceptual: Perceptual | undefined): Promise<RfmInverter> {
    const faces = await this.faces();
    const known = this.#rfmInverters.get(model);
    if (known !== undefined && known.perceptual === perceptual) return known;
    const made = new RfmInverter(model, faces, perceptual);
    this.#rfmInverters.set(model, made);
    dispose(known);
    return made;
  }

  /** LPIPS: the newest whole pack of it among folders, or none. The same pack is the same object every time. */
  async perceptual(folders: readonly string[]): Promise<Perceptual | undefined> {
    const found = await newestPerceptual(folders, await this.runtime());
    const known = this.#perceptual;
    const isSame = known?.folder === found?.folder && known?.manifest.sha256 === found?.manifest.sha256;
    // One that another has taken the place of may still be at work, so it is not disposed.
    if (!isSame) this.#perceptual = found;
    return this.#perceptual;
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
    dispose(this.#sessions.get(id));
    this.#sessions.delete(id);
  }
}

/** Frees something once what is at work with it has come to its end; nobody waits for that. */
function dispose(done: { dispose(): Promise<void> } | undefined): void {
  done?.dispose().catch((error: unknown) => {
    console.error(error);
  });
}

/** The place behind links; what does not exist is judged by its name, and then not found. */
async function real(path: string): Promise<string> {
  return await realpath(path).catch(() => path);
}

function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !/^([A-Za-z]:)?[\\/]/.test(way);
}
