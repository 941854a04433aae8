import type { FaceNets } from "../../faces";
import type { Model, Perceptual } from "../../models";
import type { Value } from "../../onnx";
import type { Session } from "../../runtime";
import { RFM_COEFFICIENTS } from "../losses";
import { RfmMachine } from "../rfm/machine";
import { coarseSynthesis, isFaithful } from "./coarse";
import { inversionGraph, pixelLoss } from "./graph";

/** Pictures up to this side are drawn whole from the beginning: stopping earlier saves nothing there. */
const SMALL = 128;
/** A coarse picture's side, as a share of the whole one's. */
const COARSE = 1 / 4;

/** The compiled graphs of a model's inversions, made when they are first needed. */
export class InversionSessions {
  readonly #made = new Map<string, Promise<Session | undefined>>();
  #polish: { readonly beta: number; readonly machine: Promise<RfmMachine> } | undefined;

  /** @param perceptual LPIPS, for RFM's loss; without it features of the recognition net stand in */
  constructor(
    readonly model: Model,
    readonly faceNets: FaceNets,
    readonly perceptual: Perceptual | undefined,
  ) {}

  /** Side of the coarse pictures. */
  get coarseSide(): number {
    return this.model.resolution * COARSE;
  }

  /** Pixels and norm. */
  async plain(): Promise<Session> {
    return this.#session("plain", async () =>
      inversionGraph({ synthesis: await this.model.synthesisGraph(1) }),
    );
  }

  /** Pixels, norm, and whether the recognition net finds the same person. */
  async identity(): Promise<Session> {
    const { model } = this;
    return this.#session("identity", async () =>
      inversionGraph({
        synthesis: await model.synthesisGraph(1),
        identity: await this.faceNets.identityGraph(model.resolution, model.alignment),
      }),
    );
  }

  /** RFM's own loss of weighted pictures, and its gradient with respect to w. Only the newest beta's is kept. */
  async polish(beta: number): Promise<RfmMachine> {
    if (this.#polish?.beta !== beta) {
      await this.#releasePolish();
      const coefficients = { ...RFM_COEFFICIENTS, beta };
      const observe = (difference: Value): Record<string, Value> => ({ pixel: pixelLoss(difference) });
      const options = { together: true, weighted: true, observe } as const;
      this.#polish = { beta, machine: RfmMachine.build(this, { coefficients, optimize: "latent" }, options) };
    }
    const { machine } = this.#polish;
    // A failure may pass: the next one who asks tries again.
    machine.catch(() => (this.#polish = undefined));
    return machine;
  }

  /**
   * Pixels and norm of pictures of a quarter of the size, for the first steps of large models.
   *
   * @param w a code, and @param whole its picture: what the coarse one is held against
   * @returns undefined where the model is small, or has no such pictures on its way
   */
  async coarse(w: Float32Array, whole: Float32Array): Promise<Session | undefined> {
    const { model, coarseSide: side } = this;
    if (model.resolution <= SMALL) return undefined;
    return this.#remembered("coarse", async () => {
      const synthesis = coarseSynthesis(await model.synthesisGraph(1), side);
      if (synthesis === undefined) return undefined;
      const drawing = await model.runtime.compile(synthesis, { name: "coarse pictures" });
      const faithful = await isFaithful(model, drawing, side, w, whole).finally(() => drawing.release());
      if (!faithful) return undefined;
      return model.runtime.compile(inversionGraph({ synthesis }), { name: "coarse inversion", arena: false });
    });
  }

  /** Frees them. */
  async dispose(): Promise<void> {
    const sessions = await Promise.allSettled(this.#made.values());
    this.#made.clear();
    for (const session of sessions) if (session.status === "fulfilled") await session.value?.release();
    await this.#releasePolish();
  }

  async #releasePolish(): Promise<void> {
    const [settled] = await Promise.allSettled([this.#polish?.machine]);
    this.#polish = undefined;
    if (settled.status === "fulfilled") await settled.value?.release();
  }

  async #session(name: string, graph: () => Promise<ReturnType<typeof inversionGraph>>): Promise<Session> {
    const { runtime } = this.model;
    const made = await this.#remembered(name, async () =>
      runtime.compile(await graph(), { name: "inversion", arena: false }),
    );
    if (made === undefined) throw new RangeError(`There is no session ${name}.`);
    return made;
  }

  #remembered(name: string, make: () => Promise<Session | undefined>): Promise<Session | undefined> {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const made = make();
    this.#made.set(name, made);
    // A failure may pass: the next one who asks tries again.
    made.catch(() => this.#made.delete(name));
    return made;
  }
}
