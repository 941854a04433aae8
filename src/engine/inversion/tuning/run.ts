import { RfmError, throwIfCancelled } from "../../files";
import type { TunableGraph } from "../../models";
import type { Session } from "../../runtime";
import type { InversionHooks, InversionProgress, InversionTarget, LossParts } from "../method";
import { rampedLearningRate } from "../optimisers";
import { weightGradient } from "./graph";
import type { Anchor } from "./locality";
import type { TuningSettings } from "./options";
import { TuningState } from "./state";

/** The identity net is much dearer than the generator: it is asked every so many steps, with that much more weight. */
const IDENTITY_EVERY = 4;
/** A loss that is still no number at a thousandth of the learning rate will not become one. */
const MOST_RETREATS = 10;

/** A face and the code that comes nearest to it. */
export interface TuningTarget extends InversionTarget {
  /** w+ [L,D]; it stays as it is. */
  readonly w: Float32Array;
  /** What each pixel counts [S,S], from 0 to 1: what hides the face is left out. Where missing, all count. */
  readonly weights?: Float32Array;
}

/** What draws a face and says how to bring it nearer to a photo. */
export interface TuningSessions {
  /** The model's. */
  readonly name: string;
  readonly tunable: TunableGraph;
  readonly plain: Session;
  readonly withIdentity: Session;
}

/** One tuning, from its first step or from where an earlier run was. */
export class TuningRun {
  readonly state: TuningState;
  #losses: LossParts = {};
  readonly #identityWeight = new Float32Array(1);
  readonly #all: Float32Array;

  constructor(
    readonly sessions: TuningSessions,
    readonly target: TuningTarget & { readonly embedding: Float32Array },
    readonly anchors: readonly Anchor[],
    readonly settings: TuningSettings,
    readonly hooks: InversionHooks,
  ) {
    this.state = new TuningState(sessions.tunable.weights);
    this.#all = new Float32Array(target.x.length / 3).fill(1);
  }

  async optimise(): Promise<void> {
    const { state, settings } = this;
    const { signal, checkpoint } = this.hooks;
    const kept = await checkpoint?.load();
    if (kept !== undefined && state.load(kept)) this.#report({ resumed: true });
    for (; ; state.iteration++) {
      throwIfCancelled(signal);
      if (state.steps > 0) await checkpoint?.offer(() => state.save());
      const last = state.iteration >= settings.steps;
      const x = await this.#lookAtFace(last);
      if (!Number.isFinite(this.#losses["total"])) {
        if (!this.#retreat()) return;
        continue;
      }
      this.#note(x, last);
      if (last) return;
      await this.#lookAtOthers();
      const rate = settings.learningRate / 2 ** state.retreats;
      state.weights.step(rampedLearningRate(state.iteration, settings.steps, rate));
      state.steps++;
    }
  }

  /** Stopped: what is there can be gone on with. */
  async keep(): Promise<void> {
    if (this.state.steps > 0) await this.hooks.checkpoint?.keep(this.state.save());
  }

  async #lookAtFace(last: boolean): Promise<Float32Array | undefined> {
    const { sessions, state } = this;
    const { w, x: target, embedding, weights = this.#all } = this.target;
    const { identityWeight } = this.settings;
    state.weights.clear();
    const asked = identityWeight > 0 && (last || state.iteration % IDENTITY_EVERY === 0);
    const session = asked ? sessions.withIdentity : sessions.plain;
    this.#identityWeight[0] = identityWeight * (last ? 1 : IDENTITY_EVERY);
    const outputs = await session.run(
      {
        ...state.weights.feeds,
        w,
        target,
        weights,
        ...(asked && { embedding, identityWeight: this.#identityWeight }),
      },
      this.hooks.signal,
    );
    state.weights.accumulate((name) => outputs[weightGradient(name)], 1);
    // Between two looks of the identity net its last word counts.
    state.identity = outputs["identity"]?.[0] ?? state.identity;
    const pixel = outputs["pixel"]?.[0] ?? NaN;
    this.#losses = {
      total: pixel + identityWeight * (state.identity ?? 0),
      pixel,
      ...(state.identity === undefined ? {} : { identity: state.identity }),
      ...(this.anchors.length === 0 ? {} : { locality: state.locality }),
    };
    return outputs["x"];
  }

  async #lookAtOthers(): Promise<void> {
    const { anchors, sessions, state, settings } = this;
    // Seven steps on at a time, so that near and far ones take turns.
    const anchor = anchors[(state.iteration * 7) % Math.max(1, anchors.length)];
    if (anchor === undefined) return;
    const outputs = await sessions.plain.run(
      { ...state.weights.feeds, w: anchor.w, target: anchor.x, weights: this.#all },
      this.hooks.signal,
    );
    state.locality = outputs["pixel"]?.[0] ?? NaN;
    state.weights.accumulate((name) => outputs[weightGradient(name)], settings.locality);
  }

  #note(x: Float32Array | undefined, last: boolean): void {
    const { state } = this;
    const losses = this.#losses;
    const { previewEvery } = this.settings;
    state.course.add(state.iteration, losses);
    const due = last || (previewEvery > 0 && state.iteration % previewEvery === 0);
    this.#report({ loss: losses["total"] ?? NaN, losses, ...(due && x ? { preview: x.slice() } : {}) });
    if (state.best !== undefined && (losses["total"] ?? NaN) >= (state.best["total"] ?? NaN)) return;
    state.weights.keep();
    state.best = losses;
  }

  /** Goes back to the best weights with half the learning rate. @returns whether to go on */
  #retreat(): boolean {
    const { state } = this;
    const { iteration } = state;
    if (state.best === undefined) {
      const { name } = this.sessions;
      throw new RfmError(
        "model",
        `The loss of the model ${name} is no number before the first step; import the model again.`,
      );
    }
    state.weights.retreat();
    // What the nets said of the weights that are gone, they did not say of these.
    state.identity = state.best["identity"];
    state.locality = state.best["locality"] ?? 0;
    state.retreats++;
    const goesOn = state.retreats <= MOST_RETREATS;
    const note = goesOn
      ? `The loss was no number at step ${iteration}: went back to the best weights with half the learning rate.`
      : `The loss stayed no number at ever smaller learning rates; stopped at step ${iteration}.`;
    state.notes.push(note);
    this.#report({ note });
    return goesOn;
  }

  #report(told: Partial<InversionProgress>): void {
    const { iteration } = this.state;
    this.hooks.onProgress?.({ iteration, iterations: this.settings.steps, loss: NaN, ...told });
  }
}
