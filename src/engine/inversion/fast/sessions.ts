import type { FaceNets } from "../../faces";
import type { Model, Perceptual } from "../../models";
import type { Graph, Value } from "../../onnx";
import type { Session } from "../../runtime";
import { RFM_COEFFICIENTS } from "../losses";
import { RfmMachine } from "../rfm/machine";
import { loopOptions } from "../session/loopOptions";
import { Shelf } from "../session/shelf";
import { averageCode } from "../start/startCode";
import { coarseSynthesis, isFaithful } from "./coarse";
import { inversionGraph, pixelLoss } from "./graph";

/** Pictures up to this side are drawn whole from the beginning: stopping earlier saves nothing there. */
const SMALL = 128;
/** A coarse picture's side, as a share of the whole one's. */
const COARSE = 1 / 4;

/** The compiled graphs of a model's inversions, made when they are first needed; of a large model one at a time. */
export class InversionSessions {
  readonly #shelf: Shelf;
  readonly #options: ReturnType<typeof loopOptions>;
  #hasCoarse: Promise<boolean> | undefined;

  /** @param perceptual LPIPS, for RFM's loss; without it features of the recognition net stand in */
  constructor(
    readonly model: Model,
    readonly faceNets: FaceNets,
    readonly perceptual: Perceptual | undefined,
  ) {
    this.#shelf = new Shelf(model.isLarge);
    this.#options = loopOptions(model);
  }

  /** Side of the coarse pictures. */
  get coarseSide(): number {
    return this.model.resolution * COARSE;
  }

  /** Pixels and norm. */
  plain(): Promise<Session> {
    return this.#session("plain", async () =>
      inversionGraph({ synthesis: await this.model.synthesisGraph(1) }),
    );
  }

  /** Pixels, norm, and whether the recognition net finds the same person. */
  identity(): Promise<Session> {
    const { model } = this;
    return this.#session("identity", async () =>
      inversionGraph({
        synthesis: await model.synthesisGraph(1),
        identity: await this.faceNets.identityGraph(model.resolution, model.alignment),
      }),
    );
  }

  /** RFM's own loss of weighted pictures, and its gradient with respect to w. Only the newest beta's is kept. */
  polish(beta: number): Promise<RfmMachine> {
    const coefficients = { ...RFM_COEFFICIENTS, beta };
    const observe = (difference: Value): Record<string, Value> => ({ pixel: pixelLoss(difference) });
    const options = { together: true, weighted: true, observe } as const;
    const build = (): Promise<RfmMachine> =>
      RfmMachine.build(this, { coefficients, optimize: "latent" }, options);
    return this.#shelf.get("polish", build, beta);
  }

  /**
   * Whether the first steps can be at pictures of a quarter of the size: the model is not small, and has such pictures on its
   * way. The average face tells, so that no photo decides for those after it.
   */
  hasCoarse(): Promise<boolean> {
    this.#hasCoarse ??= this.#findCoarse();
    this.#hasCoarse.catch(() => (this.#hasCoarse = undefined));
    return this.#hasCoarse;
  }

  /** Pixels and norm of coarse pictures. @throws RangeError where there are none: ask {@link hasCoarse} before */
  coarse(): Promise<Session> {
    return this.#session("coarse", async () => {
      const synthesis = await this.#coarseSynthesis();
      if (synthesis === undefined) throw new RangeError(`${this.model.name} has no coarse pictures.`);
      return inversionGraph({ synthesis });
    });
  }

  /** Makes room for what draws pictures, where there is not room for both. */
  async rest(): Promise<void> {
    if (this.model.isLarge) await this.#shelf.clear();
  }

  /** Frees them. */
  async dispose(): Promise<void> {
    await this.#shelf.clear();
  }

  async #findCoarse(): Promise<boolean> {
    const { model, coarseSide: side } = this;
    if (model.resolution <= SMALL) return false;
    const synthesis = await this.#coarseSynthesis();
    if (synthesis === undefined) return false;
    const w = averageCode(model);
    const whole = await model.synthesize(w, 1);
    if (model.isLarge) await model.rest();
    const drawing = await model.runtime.compile(synthesis, { name: "coarse pictures", arena: false });
    return isFaithful(model, drawing, side, w, whole).finally(() => drawing.release());
  }

  async #coarseSynthesis(): Promise<Graph | undefined> {
    return coarseSynthesis(await this.model.synthesisGraph(1), this.coarseSide);
  }

  #session(name: string, graph: () => Promise<Graph>): Promise<Session> {
    const { runtime } = this.model;
    return this.#shelf.get(name, async () =>
      runtime.compile(await graph(), { name: `inversion, ${name}`, ...this.#options }),
    );
  }
}
