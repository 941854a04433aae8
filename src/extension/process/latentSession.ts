import { dirname, relative, resolve, sep } from "node:path";
import { applyEdits, combineEdits } from "../../engine/directions";
import { encodePicture, fromTensor, resizePicture, type Picture } from "../../engine/faces";
import { writeDocument, type Edit, type LatentDocument, type RunBlock } from "../../engine/files";
import { latentCode } from "../../engine/latents";
import type { Model } from "../../engine/models";

/** A latent that is open in a Studio: its code stays here, edits come with every request. */
export class LatentSession {
  readonly #w: Float32Array;
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
  }

  get document(): LatentDocument {
    return this.#document;
  }

  /** The face with these edits; without any it is the reconstruction, byte for byte. */
  async draw(edits: readonly Edit[]): Promise<Picture> {
    const { model } = this;
    const w = applyEdits(this.#w, model.layers, model.wDimension, edits);
    return fromTensor(await model.synthesize(w, 1), model.resolution);
  }

  /** The same, unless a newer request overtakes this one before its turn has come: then nothing. */
  drawNewest(edits: readonly Edit[]): Promise<Picture | undefined> {
    const ticket = ++this.#newest;
    const drawn = this.#turn.then(async () => {
      // Requests that have already arrived are looked at before this one is drawn in vain.
      await new Promise((done) => setImmediate(done));
      return ticket === this.#newest ? this.draw(edits) : undefined;
    });
    this.#turn = drawn.catch(() => undefined);
    return drawn;
  }

  /** Writes the document with these edits, here or elsewhere; what it names is found from there. */
  async save(edits: readonly Edit[], path: string): Promise<void> {
    const { source, tuned, ...document } = this.#document;
    await writeDocument(path, {
      ...document,
      ...(source && { source: { ...source, path: this.#seenFrom(path, source.path) } }),
      ...(tuned && { tuned: { ...tuned, path: this.#seenFrom(path, tuned.path) } }),
      edits,
    });
    if (path === this.path) this.#document = { ...this.#document, edits };
  }

  /** Writes the edited face. @param size side in pixels; default: the model's. */
  async savePicture(edits: readonly Edit[], path: string, size = this.model.resolution): Promise<void> {
    const picture = await this.draw(edits);
    await encodePicture(
      size === picture.width ? picture : resizePicture(picture, size, size, "lanczos"),
      path,
    );
  }

  /** Writes the sum of the edits as a direction. */
  async saveDirection(edits: readonly Edit[], path: string, name: string, run: RunBlock): Promise<void> {
    await writeDocument(path, combineEdits(edits, { name, model: this.model, run }));
  }

  #seenFrom(document: string, path: string): string {
    const file = resolve(dirname(this.path), path);
    return relative(dirname(document), file).split(sep).join("/");
  }
}
