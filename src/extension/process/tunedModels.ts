import { openTunedModel, readTunedWeights } from "../../engine/latents";
import { RfmError, type LatentDocument, type TunedRecord } from "../../engine/files";
import type { Model, WeightDeltas } from "../../engine/models";

/**
 * The generators that draw one latent: the model's own, and the one tuned to its face at the newest likeness. Who asks for one draws
 * with it before anybody asks for another.
 */
export class TunedModels {
  #weights: { readonly sha256: string; readonly read: Promise<WeightDeltas | RfmError> } | undefined;
  #newest: { readonly key: string; readonly model: Promise<Model> } | undefined;

  /** @param path of the document, beside which its weights lie */
  constructor(
    readonly model: Model,
    readonly path: string,
  ) {}

  /** Why the weights cannot be used, in a sentence; nothing where they can. */
  async problem(document: LatentDocument): Promise<string | undefined> {
    const found = await this.#read(document);
    return found instanceof RfmError ? found.message : undefined;
  }

  /** The model that draws the face at the likeness that is asked for; the model itself where the weights cannot be used. */
  async at(document: LatentDocument, tuned: TunedRecord | undefined): Promise<Model> {
    if (tuned === undefined || tuned.amount === 0) return this.model;
    const deltas = await this.#read({ ...document, tuned });
    if (deltas === undefined || deltas instanceof RfmError) return this.model;
    const key = `${tuned.sha256} ${tuned.amount}`;
    if (this.#newest?.key === key) return this.#newest.model;
    await this.dispose();
    const opened = { key, model: openTunedModel(this.model, deltas, tuned.amount) };
    this.#newest = opened;
    opened.model.catch(() => {
      // The next one who asks tries again.
      if (this.#newest === opened) this.#newest = undefined;
    });
    return opened.model;
  }

  /** Frees the tuned generator; the model stays. */
  async dispose(): Promise<void> {
    const newest = this.#newest?.model;
    this.#newest = undefined;
    await (await newest?.catch(() => undefined))?.dispose();
  }

  async #read(document: LatentDocument): Promise<WeightDeltas | RfmError | undefined> {
    const { tuned } = document;
    if (tuned === undefined) return undefined;
    if (this.#weights?.sha256 !== tuned.sha256) {
      const read = readTunedWeights(document, this.path, this.model)
        .then((deltas) => deltas ?? new Map<string, Float32Array>())
        .catch((error: unknown) => {
          if (error instanceof RfmError) return error;
          throw error;
        });
      this.#weights = { sha256: tuned.sha256, read };
    }
    return this.#weights.read;
  }
}
