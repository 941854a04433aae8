import { identityDistance, type FaceNets } from "../../faces";
import { CancelledError, RfmError, throwIfCancelled } from "../../files";
import { openTunedModel } from "../../latents";
import type { Model, TunableGraph, WeightDeltas } from "../../models";
import type { Session } from "../../runtime";
import { CourseRecorder, type LossCourse } from "../course/course";
import type { InversionHooks, InversionTarget, LossParts } from "../method";
import { psnr, ssim } from "../metrics";
import { rampedLearningRate } from "../optimisers";
import { tuningGraph, weightGradient } from "./graph";
import { anchorsAround, changeOfOthers, type Anchor } from "./locality";
import { tuningSettings, type TuningOptions, type TuningSettings } from "./options";
import { TunedWeights } from "./weights";

/** The identity net is much dearer than the generator: it is asked every so many steps, with that much more weight. */
const IDENTITY_EVERY = 4;
/** A loss that is still no number at a thousandth of the learning rate will not become one. */
const MOST_RETREATS = 10;

/** A face and the code that comes nearest to it. */
export interface TuningTarget extends InversionTarget {
  /** w+ [L,D]; it stays as it is. */
  readonly w: Float32Array;
}

/** What was added to a generator's weights, and what that did. */
export interface TuningResult {
  /** Rounded to float16 as they are stored. */
  readonly deltas: WeightDeltas;
  /** Shapes of the weights, by name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** The tuned picture [3,S,S], not clipped. */
  readonly reconstruction: Float32Array;
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

interface Sessions {
  readonly tunable: TunableGraph;
  readonly plain: Session;
  readonly withIdentity: Session | undefined;
}

/**
 * Pivotal tuning (Roich et al. 2021): with the code of a face fixed, some steps of Adam on the generator's weights bring
 * its picture to the photo, while the faces of other codes around it are held where they are. Sessions are made once and
 * serve every face after.
 */
export class Tuner {
  #sessions: Promise<Sessions> | undefined;

  /** @param model the untuned one. */
  constructor(
    readonly model: Model,
    readonly faceNets: FaceNets,
  ) {}

  /**
   * The same target, options and machine give the same bits.
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
    const { model, faceNets } = this;
    if (target.x.length !== model.pictureSize || target.w.length !== model.codeSize) {
      throw new RfmError(
        "usage",
        `The crop or the code does not fit the model ${model.name}; align and invert the photo for this model.`,
      );
    }
    const { signal } = hooks;
    throwIfCancelled(signal);
    const embedding = target.embedding ?? (await faceNets.embedCrops(target.x, 1, model.alignment));
    const sessions = await (this.#sessions ??= this.#compile());
    const anchors = settings.locality > 0 ? await anchorsAround(model, target.w, settings.seed, signal) : [];
    const run = new Run(sessions, { ...target, embedding }, anchors, settings, hooks);
    if (settings.locality > 0 && anchors.length === 0) {
      run.notes.push(
        `The model ${model.name} draws no faces from seeds, so nothing holds other people's faces where they are.`,
      );
    }
    try {
      await run.optimise();
    } catch (error) {
      if (!(error instanceof CancelledError) || run.steps === 0) throw error;
    }
    return this.#finish(run, embedding, signal?.aborted === true);
  }

  /** Frees the sessions; the model and the face nets stay. */
  async dispose(): Promise<void> {
    const [opened] = await Promise.allSettled([this.#sessions]);
    this.#sessions = undefined;
    if (opened.status !== "fulfilled") return;
    await Promise.all([opened.value?.plain.release(), opened.value?.withIdentity?.release()]);
  }

  async #finish(run: Run, embedding: Float32Array, cancelled: boolean): Promise<TuningResult> {
    const { model, faceNets } = this;
    const { x, w } = run.target;
    const deltas = run.weights.deltas();
    const tuned = await openTunedModel(model, deltas, 1);
    try {
      const reconstruction = await tuned.synthesize(w, 1);
      const shown = reconstruction.map((value) => Math.min(1, Math.max(-1, value)));
      const found = await faceNets.embedCrops(shown, 1, model.alignment);
      const others = await changeOfOthers(model, tuned, run.settings.seed);
      return {
        deltas,
        shapes: new Map([...run.sessions.tunable.weights].map(([name, { shape }]) => [name, shape])),
        reconstruction,
        steps: run.steps,
        losses: run.best,
        course: run.course.course(),
        metrics: {
          psnr: psnr(reconstruction, x),
          ssim: ssim(reconstruction, x, model.resolution),
          identity: identityDistance(embedding, found),
        },
        ...(others === undefined ? {} : { others }),
        notes: run.notes,
        cancelled: cancelled && run.steps < run.settings.steps,
      };
    } finally {
      await tuned.dispose();
    }
  }

  async #compile(): Promise<Sessions> {
    const { model, faceNets } = this;
    const tunable = await model.tunableSynthesis();
    const compile = (graph: ReturnType<typeof tuningGraph>): Promise<Session> =>
      model.runtime.compile(graph, { name: "tuning", arena: false });
    const identity = await faceNets.identityGraph(model.resolution, model.alignment);
    const plain = await compile(tuningGraph(tunable));
    return { tunable, plain, withIdentity: await compile(tuningGraph(tunable, identity)) };
  }
}

/** The state of one tuning. */
class Run {
  readonly weights: TunedWeights;
  readonly course = new CourseRecorder();
  readonly notes: string[] = [];
  steps = 0;
  best: LossParts = { total: Infinity };
  #losses: LossParts | undefined;
  #identity: number | undefined;
  /** Of the newest look at another face; without tuning nothing has changed. */
  #locality = 0;
  #retreats = 0;
  readonly #identityWeight = new Float32Array(1);

  constructor(
    readonly sessions: Sessions,
    readonly target: TuningTarget & { readonly embedding: Float32Array },
    readonly anchors: readonly Anchor[],
    readonly settings: TuningSettings,
    readonly hooks: InversionHooks,
  ) {
    this.weights = new TunedWeights(sessions.tunable.weights);
  }

  async optimise(): Promise<void> {
    const { steps, learningRate } = this.settings;
    for (let iteration = 0; ; iteration++) {
      throwIfCancelled(this.hooks.signal);
      const last = iteration >= steps;
      const x = await this.#lookAtFace(iteration, last);
      const total = this.#losses?.["total"] ?? NaN;
      if (!Number.isFinite(total)) {
        if (!this.#retreat(iteration)) return;
        continue;
      }
      this.#note(iteration, x, last);
      if (last) return;
      await this.#lookAtOthers(iteration);
      const rate = learningRate / 2 ** this.#retreats;
      this.weights.step(rampedLearningRate(iteration, steps, rate));
      this.steps++;
    }
  }

  async #lookAtFace(iteration: number, last: boolean): Promise<Float32Array | undefined> {
    const { sessions, weights, settings } = this;
    const { w, x: target, embedding } = this.target;
    const { identityWeight } = settings;
    weights.clear();
    const asked = identityWeight > 0 && (last || iteration % IDENTITY_EVERY === 0);
    const session = asked ? (sessions.withIdentity ?? sessions.plain) : sessions.plain;
    this.#identityWeight[0] = identityWeight * (last ? 1 : IDENTITY_EVERY);
    const outputs = await session.run(
      {
        ...weights.feeds,
        w,
        target,
        ...(asked && { embedding, identityWeight: this.#identityWeight }),
      },
      this.hooks.signal,
    );
    weights.accumulate((name) => outputs[weightGradient(name)], 1);
    // Between two looks of the identity net its last word counts.
    this.#identity = outputs["identity"]?.[0] ?? this.#identity;
    const pixel = outputs["pixel"]?.[0] ?? NaN;
    this.#losses = {
      total: pixel + identityWeight * (this.#identity ?? 0),
      pixel,
      ...(this.#identity === undefined ? {} : { identity: this.#identity }),
      ...(this.anchors.length === 0 ? {} : { locality: this.#locality }),
    };
    return outputs["x"];
  }

  async #lookAtOthers(iteration: number): Promise<void> {
    const { anchors, sessions, weights, settings } = this;
    // Seven steps on at a time, so that near and far ones take turns.
    const anchor = anchors[(iteration * 7) % Math.max(1, anchors.length)];
    if (anchor === undefined) return;
    const outputs = await sessions.plain.run(
      { ...weights.feeds, w: anchor.w, target: anchor.x },
      this.hooks.signal,
    );
    this.#locality = outputs["pixel"]?.[0] ?? NaN;
    weights.accumulate((name) => outputs[weightGradient(name)], settings.locality);
  }

  #note(iteration: number, x: Float32Array | undefined, last: boolean): void {
    const losses = this.#losses ?? {};
    const { steps, previewEvery } = this.settings;
    this.course.add(iteration, losses);
    const due = last || (previewEvery > 0 && iteration % previewEvery === 0);
    this.hooks.onProgress?.({
      iteration,
      iterations: steps,
      loss: losses["total"] ?? NaN,
      losses,
      ...(due && x !== undefined ? { preview: x.slice() } : {}),
    });
    if ((losses["total"] ?? NaN) >= (this.best["total"] ?? NaN)) return;
    this.weights.keep();
    this.best = losses;
  }

  /** Goes back to the best weights with half the learning rate. @returns whether to go on */
  #retreat(iteration: number): boolean {
    if (iteration === 0) {
      throw new RfmError("model", "The loss is no number before the first step; check the model pack.");
    }
    this.weights.retreat();
    this.#retreats++;
    const goesOn = this.#retreats <= MOST_RETREATS;
    const note = goesOn
      ? `The loss was no number at step ${iteration}: went back to the best weights with half the learning rate.`
      : `The loss stayed no number at ever smaller learning rates; stopped at step ${iteration}.`;
    this.notes.push(note);
    this.hooks.onProgress?.({ iteration, iterations: this.settings.steps, loss: NaN, note });
    return goesOn;
  }
}
