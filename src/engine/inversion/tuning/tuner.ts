import { identityDistance, type FaceNets } from "../../faces";
import { CancelledError, RfmError } from "../../files";
import { openTunedModel } from "../../latents";
import type { Model, WeightDeltas } from "../../models";
import type { Session } from "../../runtime";
import type { LossCourse } from "../course/course";
import type { InversionHooks, LossParts } from "../method";
import { psnr, ssim } from "../metrics";
import { Turns } from "../session/turns";
import { tuningGraph } from "./graph";
import { anchorsAround, changeOfOthers } from "./locality";
import { tuningSettings, type TuningOptions, type TuningSettings } from "./options";
import { TuningRun, type TuningSessions, type TuningTarget } from "./run";

/** What was added to a generator's weights, and what that did. */
export interface TuningResult {
  /** Rounded to float16 as they are stored. */
  readonly deltas: WeightDeltas;
  /** Shapes of the weights, by name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** The tuned picture [3,S,S], not clipped. */
  readonly reconstruction: Float32Array;
  /** Steps of the way that were gone: all that were asked for, unless it was stopped. */
  readonly steps: number;
  readonly losses: LossParts;
  readonly course: LossCourse;
  /** The tuned picture against the crop. */
  readonly metrics: { readonly psnr: number; readonly ssim: number; readonly identity: number };
  /** Mean PSNR in dB of other people's faces, tuned against untuned; missing where the model draws no seeds. */
  readonly others?: number;
  readonly notes: readonly string[];
  readonly cancelled: boolean;
}

/**
 * Pivotal tuning (Roich et al. 2021): with the code of a face fixed, some steps of Adam on the generator's weights bring
 * its picture to the photo, while the faces of other codes around it are held where they are. Sessions are made once and
 * serve every face after, one at a time; those of a large model are made for each.
 */
export class Tuner {
  #sessions: Promise<TuningSessions> | undefined;
  readonly #turns = new Turns();

  /** @param model the untuned one. */
  constructor(
    readonly model: Model,
    readonly faceNets: FaceNets,
  ) {}

  /**
   * Everything besides face and code that the result depends on, as JSON: what is kept under other settings is not gone
   * on with.
   *
   * @throws RfmError("usage") for options that make no sense.
   */
  fingerprint(options: TuningOptions = {}): object {
    const { previewEvery: _, ...settings } = tuningSettings(options);
    const { sha256, manifest } = this.model.pack;
    return { model: sha256, build: manifest.build.key, nets: this.faceNets.sha256, settings };
  }

  /**
   * The same target, options and machine give the same bits, also where the hooks' checkpoint holds what an earlier run
   * has done.
   *
   * @throws RfmError("usage") where crop, code or options do not fit, RfmError("graph") where the generator cannot be
   * differentiated, CancelledError where the signal is aborted before the first step.
   */
  async tune(
    target: TuningTarget,
    options: TuningOptions = {},
    hooks: InversionHooks = {},
  ): Promise<TuningResult> {
    const settings = tuningSettings(options);
    const { model } = this;
    const { x, w, weights } = target;
    const fits = x.length === model.pictureSize && w.length === model.codeSize;
    if (!fits || (weights !== undefined && weights.length !== x.length / 3)) {
      throw new RfmError(
        "usage",
        `The crop or the code does not fit the model ${model.name}; align and invert the photo for this model.`,
      );
    }
    return this.#turns.take(() => this.#tune(target, settings, hooks), hooks.signal);
  }

  /** Frees the sessions, when what is at work has ended; the model and the face nets stay. */
  async dispose(): Promise<void> {
    await this.#turns.take(() => this.#release());
  }

  async #tune(target: TuningTarget, settings: TuningSettings, hooks: InversionHooks): Promise<TuningResult> {
    const { model, faceNets } = this;
    const { signal } = hooks;
    const embedding = target.embedding ?? (await faceNets.embedCrops(target.x, 1, model.alignment));
    const anchors = settings.locality > 0 ? await anchorsAround(model, target.w, settings.seed, signal) : [];
    if (model.isLarge) await model.rest();
    let cancelled = false;
    let run: TuningRun;
    try {
      const sessions = await this.#opened();
      run = new TuningRun(sessions, { ...target, embedding }, anchors, settings, hooks);
      cancelled = await wasStopped(run);
    } finally {
      if (model.isLarge) await this.#release();
    }
    return this.#finish(run, embedding, cancelled);
  }

  /** The sessions; where they could not be made, the next face tries again. */
  async #opened(): Promise<TuningSessions> {
    const opening = (this.#sessions ??= this.#compile());
    opening.catch(() => (this.#sessions = undefined));
    return opening;
  }

  async #release(): Promise<void> {
    const [opened] = await Promise.allSettled([this.#sessions]);
    this.#sessions = undefined;
    if (opened.status !== "fulfilled") return;
    await Promise.all([opened.value?.plain.release(), opened.value?.withIdentity.release()]);
  }

  async #finish(run: TuningRun, embedding: Float32Array, cancelled: boolean): Promise<TuningResult> {
    const { model, faceNets } = this;
    const { target, state, settings, anchors } = run;
    const { x, w } = target;
    const deltas = state.weights.deltas();
    const unheld =
      settings.locality > 0 && anchors.length === 0
        ? [
            `The model ${model.name} draws no faces from seeds, so nothing holds other people's faces where they are.`,
          ]
        : [];
    const tuned = await openTunedModel(model, deltas, 1);
    try {
      const reconstruction = await tuned.synthesize(w, 1);
      const shown = reconstruction.map((value) => Math.min(1, Math.max(-1, value)));
      const found = await faceNets.embedCrops(shown, 1, model.alignment);
      const others = await changeOfOthers(model, tuned, settings.seed);
      return {
        deltas,
        shapes: new Map([...run.sessions.tunable.weights].map(([name, { shape }]) => [name, shape])),
        reconstruction,
        steps: cancelled ? state.steps : settings.steps,
        losses: state.best ?? {},
        course: state.course.course(),
        metrics: {
          psnr: psnr(reconstruction, x),
          ssim: ssim(reconstruction, x, model.resolution),
          identity: identityDistance(embedding, found),
        },
        ...(others === undefined ? {} : { others }),
        notes: [...unheld, ...state.notes],
        cancelled,
      };
    } finally {
      await tuned.dispose();
    }
  }

  async #compile(): Promise<TuningSessions> {
    const { model, faceNets } = this;
    const tunable = await model.tunableSynthesis();
    const compile = (graph: ReturnType<typeof tuningGraph>): Promise<Session> =>
      model.runtime.compile(graph, { name: "tuning", arena: false });
    const identity = await faceNets.identityGraph(model.resolution, model.alignment);
    const plain = await compile(tuningGraph(tunable));
    try {
      const withIdentity = await compile(tuningGraph(tunable, identity));
      return { name: model.name, tunable, plain, withIdentity };
    } catch (error) {
      await plain.release();
      throw error;
    }
  }
}

/** Goes the way of a tuning. @returns whether it was stopped after some steps @throws CancelledError before the first */
async function wasStopped(run: TuningRun): Promise<boolean> {
  try {
    await run.optimise();
    return false;
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    await run.keep();
    if (run.state.steps === 0) throw error;
    return true;
  }
}
