import { join } from "node:path";
import type { FaceNets } from "../engine/faces";
import type { OpenedScorer, Scorer } from "../engine/labels";
import type { Model, Perceptual } from "../engine/models";
import type { ProviderChoice, Runtime } from "../engine/runtime";

/** The pack that comes with the program. */
const EMBEDDED = "demo";

/** What commands work with, opened at first use and closed together at the end. */
export class Workshop {
  #runtime: Promise<Runtime> | undefined;
  #model: Promise<Model> | undefined;
  #faces: Promise<FaceNets> | undefined;
  #scorer: Promise<OpenedScorer> | undefined;
  #perceptual: Promise<Perceptual> | undefined;

  constructor(
    readonly provider: ProviderChoice,
    private readonly chosenModel?: string,
  ) {}

  /** The folder of the model pack: the one asked for, or the embedded one. */
  async modelFolder(): Promise<string> {
    if (this.chosenModel !== undefined) return this.chosenModel;
    const { modelsRoot } = await import("../engine/models");
    return join(modelsRoot(), EMBEDDED);
  }

  runtime(): Promise<Runtime> {
    return (this.#runtime ??= this.#openRuntime());
  }

  model(): Promise<Model> {
    return (this.#model ??= this.#openModel());
  }

  faces(): Promise<FaceNets> {
    return (this.#faces ??= this.#openFaces());
  }

  /** The scorer of a pack, or the built-in one for the model's faces. */
  async scorer(folder?: string): Promise<Scorer> {
    const { builtInScorer, openScorer } = await import("../engine/labels");
    if (folder !== undefined) return (this.#scorer ??= openScorer(folder, await this.runtime()));
    return builtInScorer(await this.faces(), (await this.model()).alignment);
  }

  /** LPIPS from its pack. */
  perceptual(folder: string): Promise<Perceptual> {
    return (this.#perceptual ??= this.#openPerceptual(folder));
  }

  /** Frees the networks. What failed to open needs no closing. */
  async close(): Promise<void> {
    const opened = [
      await settled(this.#model),
      await settled(this.#faces),
      await settled(this.#scorer),
      await settled(this.#perceptual),
      await settled(this.#runtime),
    ];
    for (const thing of opened) await thing?.dispose();
  }

  async #openRuntime(): Promise<Runtime> {
    const { openRuntime } = await import("../engine/runtime");
    return openRuntime(this.provider);
  }

  async #openModel(): Promise<Model> {
    const { openModel, openPack } = await import("../engine/models");
    return openModel(await openPack(await this.modelFolder()), await this.runtime());
  }

  async #openPerceptual(folder: string): Promise<Perceptual> {
    const { openPerceptual } = await import("../engine/models");
    return openPerceptual(folder, await this.runtime());
  }

  async #openFaces(): Promise<FaceNets> {
    const { openFaceNets } = await import("../engine/faces");
    const { modelsRoot } = await import("../engine/models");
    return openFaceNets(join(modelsRoot(), "faces"), await this.runtime());
  }
}

async function settled<Value>(promise: Promise<Value> | undefined): Promise<Value | undefined> {
  try {
    return await promise;
  } catch {
    return undefined;
  }
}
