import { copyFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { applyEdits, combineEdits, readRecipe, writeRecipe } from "../../engine/directions";
import { encodePicture, fromTensor, resizePicture, type Picture } from "../../engine/faces";
import {
  pathFrom,
  writeDocument,
  type Edit,
  type LatentDocument,
  type RunBlock,
  type TunedRecord,
} from "../../engine/files";
import { latentCode, namedTunedPath, tunedPath } from "../../engine/latents";
import type { Model } from "../../engine/models";
import type { Look } from "../../protocol/engine";
import { TunedModels } from "./tunedModels";

/** A latent that is open in a Studio: its code stays here, edits come with every request. */
export class LatentSession {
  readonly #w: Float32Array;
  readonly #tuned: TunedModels;
  #document: LatentDocument;
  #newest = 0;
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * @param path of the document; what it names is relative to it.
   * @throws RfmError("model") where the latent does not fit the model.
   */
  constructor(
    document: LatentDocument,
    readonly path: string,
    readonly model: Model,
  ) {
    this.#document = document;
    this.#w = latentCode(document, path, model);
    this.#tuned = new TunedModels(model, path);
  }

  get document(): LatentDocument {
    return this.#document;
  }

  /** Why the document's tuned weights cannot be used, in a sentence; nothing where they can. */
  tunedProblem(): Promise<string | undefined> {
    return this.#tuned.problem(this.#document);
  }

  /** The face with these edits; without any and untuned it is the reconstruction, byte for byte. */
  draw(look: Look): Promise<Picture> {
    return this.#inTurn(() => this.#draw(look));
  }

  /** The same, unless a newer request overtakes this one before its turn has come: then nothing. */
  drawNewest(look: Look): Promise<Picture | undefined> {
    const ticket = ++this.#newest;
    return this.#inTurn(async () => {
      // Requests that have already arrived are looked at before this one is drawn in vain.
      await new Promise((done) => setImmediate(done));
      return ticket === this.#newest ? this.#draw(look) : undefined;
    });
  }

  /** Writes the document with these edits, here or elsewhere; what it names is found from there. */
  async save({ edits, tuned }: Look, path: string): Promise<void> {
    const { source, tuned: _, ...document } = this.#document;
    await writeDocument(path, {
      ...document,
      ...(source && { source: { ...source, path: this.#seenFrom(path, source.path) } }),
      ...(tuned && { tuned: { ...tuned, path: await this.#weightsBeside(path, tuned) } }),
      edits,
    });
    if (path !== this.path) return;
    const { tuned: __, ...rest } = this.#document;
    this.#document = { ...rest, ...(tuned && { tuned }), edits };
  }

  /** Writes the edited face. @param size side in pixels; default: the model's. */
  async savePicture(look: Look, path: string, size = this.model.resolution): Promise<void> {
    const picture = await this.draw(look);
    await encodePicture(
      size === picture.width ? picture : resizePicture(picture, size, size, "lanczos"),
      path,
    );
  }

  /** Writes the sum of the edits as a direction. */
  async saveDirection(edits: readonly Edit[], path: string, name: string, run: RunBlock): Promise<void> {
    await writeDocument(path, combineEdits(edits, { name, model: this.model, run }));
  }

  /** Writes the edits as a recipe. */
  async saveRecipe(edits: readonly Edit[], path: string, run: RunBlock): Promise<void> {
    await writeRecipe(path, edits, { model: this.#document.model, from: this.path, run });
  }

  /** The edits of a recipe, as this latent may take them over. @throws RfmError where they do not fit it */
  async readRecipe(path: string): Promise<readonly Edit[]> {
    const { model } = this;
    const edits = await readRecipe(path, model, this.path);
    applyEdits(this.#w, model.layers, model.wDimension, edits);
    return edits;
  }

  /** Frees what draws it, once what is drawn is done; the model stays. */
  dispose(): Promise<void> {
    // What waits for its turn is drawn for nobody.
    this.#newest++;
    return this.#inTurn(() => this.#tuned.dispose());
  }

  async #draw({ edits, tuned }: Look): Promise<Picture> {
    const model = await this.#tuned.at(this.#document, tuned);
    const w = applyEdits(this.#w, model.layers, model.wDimension, edits);
    return fromTensor(await model.synthesize(w, 1), model.resolution);
  }

  /** One after the other: another likeness takes the generator away that the one before it is drawn with. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Tuned weights lie in the folder of their latent: a copy elsewhere takes them along. */
  async #weightsBeside(document: string, tuned: TunedRecord): Promise<string> {
    if (dirname(resolve(document)) === dirname(resolve(this.path))) return tuned.path;
    const copy = tunedPath(document);
    await copyFile(namedTunedPath(tuned, this.path), copy);
    return basename(copy);
  }

  #seenFrom(document: string, path: string): string {
    return pathFrom(dirname(document), resolve(dirname(this.path), path));
  }
}
