import { RfmError, throwIfCancelled } from "../../files";
import { wPlusNorm } from "../../latents";
import { gradientName } from "../../onnx";
import type { Session } from "../../runtime";
import type { InversionHooks, InversionProgress } from "../method";
import type { Evaluate } from "../optimisers";
import { TOTAL } from "../rfm/graph";
import { averaged } from "./coarse";
import { findOccluders } from "./occluders";
import { maskOfWeights, weightsOfMask } from "./occlusion";
import type { InversionSettings } from "./options";
import { ProgressWatch } from "./progressWatch";
import { shrunk, type FaceFrame } from "./residual";
import type { InversionSessions } from "./sessions";
import { stagesOf, type Stage } from "./stages";
import type { FastState } from "./state";
import { paintedOver, type Guess } from "./suspects";

type Outputs = Readonly<Record<string, Float32Array>>;

/** Said of an inversion whose loss or gradient was NaN or infinite on the way. */
const NO_NUMBER =
  "The loss was no number at some steps: they were taken back and halved, and where that did not help, a part of the way was left out.";

/** One way of looking at a code: what is minimised, its gradient, and what is to be told of it. */
interface Look {
  readonly value: number;
  readonly gradient: Float32Array;
  readonly outputs: Outputs;
}

/** One inversion by the fast method. */
export class FastRun {
  readonly #size: number;
  readonly #beta: Float32Array;
  readonly #identityWeight: Float32Array;
  #coarseTarget: Float32Array | undefined;
  /** Looks when the last preview was sent. */
  #shown = 0;

  /**
   * @param target the face [3,S,S]
   * @param embedding of the face; without one nothing asks the recognition net who it is
   * @param frame where faces are in the model's pictures
   * @param guess at what is before the face; without one nothing is left out
   */
  constructor(
    readonly sessions: InversionSessions,
    readonly target: Float32Array,
    readonly embedding: Float32Array | undefined,
    readonly state: FastState,
    readonly hooks: InversionHooks,
    readonly frame: FaceFrame,
    readonly guess: Guess | undefined,
  ) {
    if (guess !== undefined) state.weights.set(guess.weights);
    this.#size = sessions.model.resolution;
    this.#beta = Float32Array.of(this.settings.beta);
    this.#identityWeight = Float32Array.of(this.settings.identityWeight);
  }

  get settings(): InversionSettings {
    return this.state.settings;
  }

  /** Goes all the way, or on from where an earlier run was. */
  async optimise(): Promise<void> {
    const { state, hooks, sessions, settings } = this;
    const hasIdentity = this.embedding !== undefined;
    const coarse = settings.iterations > 0 && (await sessions.hasCoarse());
    const kept = await hooks.checkpoint?.load();
    if (kept !== undefined && state.load(kept)) this.#report({ resumed: true });
    if (state.losses === undefined) {
      const first = hasIdentity ? await sessions.identity() : await sessions.plain();
      this.#keepStep(await this.#look(first, state.w));
    }
    const stages = stagesOf({ ...settings, coarse, identity: hasIdentity });
    for (const stage of stages.slice(state.stage)) {
      if (state.stageEnd === undefined) await this.#enter(stage, stages);
      await this.#descend(stage.kind);
      state.stage++;
      state.stageEnd = undefined;
    }
    this.#tell(true);
  }

  /** What people should know of the way, in sentences. */
  get notes(): readonly string[] {
    return this.state.failures > 0 ? [NO_NUMBER] : [];
  }

  /** Whether the pixels that are left out were judged; those of a run that stopped before are only suspect. */
  get isJudged(): boolean {
    return this.state.stage > 0;
  }

  /** Keeps the state where the work is stopped. */
  async keep(): Promise<void> {
    if (this.state.losses !== undefined) await this.hooks.checkpoint?.keep(this.state.save());
  }

  async #enter(stage: Stage, stages: readonly Stage[]): Promise<void> {
    const { state } = this;
    const before = stages[state.stage - 1];
    // A single part has no room for a second look at the suspect pixels.
    const isJudged = state.stage === 1 || stages.length === 1;
    if (isJudged && isPartial(state.weights)) await this.#judge(stages.length > 1);
    else if (stage.kind !== before?.kind) state.lbfgs.restart();
    state.watch = new ProgressWatch();
    state.stageEnd = state.evaluations + stage.looks;
  }

  async #descend(kind: Stage["kind"]): Promise<void> {
    const { state, hooks } = this;
    const look = await this.#lookOf(kind);
    let newest: Outputs = {};
    const evaluate: Evaluate = async (w) => {
      const { outputs, value, gradient } = await look(w);
      state.evaluations++;
      newest = outputs;
      if (Number.isFinite(value) && gradient.every(Number.isFinite)) return { value, gradient };
      if (state.failures++ === 0) this.#report({ note: NO_NUMBER });
      // The step counts as one too far.
      return { value: NaN, gradient };
    };
    while (state.evaluations < this.#stageEnd) {
      throwIfCancelled(hooks.signal);
      const before = state.evaluations;
      const value = await state.lbfgs.step(evaluate, this.#stageEnd - before).catch((error: unknown) => {
        // A step that was cut short is taken anew by the run that goes on.
        state.evaluations = before;
        throw error;
      });
      // A step is kept right after the look that it was tried with.
      if (value !== undefined && kind !== "coarse") this.#keepStep(newest);
      if (value === undefined || state.watch.isFlat(value)) state.stageEnd = state.evaluations;
      if (value !== undefined) this.#tell(false);
      await hooks.checkpoint?.offer(() => state.save());
    }
    // Coarse pictures say little of the whole one.
    if (kind === "coarse") this.#keepStep(await this.#look(await this.sessions.plain(), state.w));
  }

  get #stageEnd(): number {
    return this.state.stageEnd ?? 0;
  }

  async #lookOf(kind: Stage["kind"]): Promise<(w: Float32Array) => Promise<Look>> {
    if (kind === "polish") return this.#polishLook();
    const session = await this.sessions[kind]();
    return async (w) => {
      const outputs = await (kind === "coarse" ? this.#lookCoarse(session, w) : this.#look(session, w));
      return lookAt(outputs, "loss");
    };
  }

  async #polishLook(): Promise<(w: Float32Array) => Promise<Look>> {
    const { target, guess } = this;
    const { signal } = this.hooks;
    const { weights } = this.state;
    const machine = await this.sessions.polish(this.settings.beta);
    // The encoder has no weights: what is left out, it is not shown.
    const seen = guess && isPartial(weights) ? paintedOver(target, weights, guess.picture) : target;
    await machine.fixPhoto(target, { signal, weights, seen });
    return async (w) => {
      const outputs = await machine.session.run({ w }, signal);
      const more = { norm: Float32Array.of(wPlusNorm(w)), rfm: outputs[TOTAL] ?? new Float32Array() };
      return lookAt({ ...outputs, ...more }, TOTAL);
    };
  }

  #look(session: Session, w: Float32Array, weights = this.state.weights): Promise<Outputs> {
    const { target, embedding } = this;
    const feeds = { w, target, beta: this.#beta, weights };
    const more = { embedding: embedding ?? new Float32Array(), identityWeight: this.#identityWeight };
    return session.run(session.inputs.has("embedding") ? { ...feeds, ...more } : feeds, this.hooks.signal);
  }

  #lookCoarse(session: Session, w: Float32Array): Promise<Outputs> {
    const side = this.sessions.coarseSide;
    this.#coarseTarget ??= averaged(this.target, this.#size, side);
    const weights = averaged(this.state.weights, this.#size, side);
    return session.run({ w, beta: this.#beta, target: this.#coarseTarget, weights }, this.hooks.signal);
  }

  /** Takes down the losses of a step that was kept. @throws RfmError("model") where they are no numbers */
  #keepStep(outputs: Outputs): void {
    const losses = this.state.lossesOf(outputs);
    if (!Number.isFinite(losses["total"])) {
      throw new RfmError(
        "model",
        `The pictures of the model ${this.sessions.model.name} hold NaN or infinity; import the model again.`,
      );
    }
    this.state.note(losses, outputs["x"]);
  }

  /**
   * Of the suspect pixels gives back those that are no occluders, and begins anew with those that count now: a code that was
   * free to draw there what it liked is far from all others, and stays so.
   *
   * @param hasSeen whether a part of the way was gone without the suspect pixels; if not, all are given back
   */
  async #judge(hasSeen: boolean): Promise<void> {
    const { guess, frame, target, state } = this;
    if (guess === undefined) return;
    const x = shrunk(state.picture, this.#size, frame);
    const aside = maskOfWeights(state.weights, this.#size, frame.side);
    const occluders = hasSeen
      ? findOccluders(x, shrunk(target, this.#size, frame), aside, frame)
      : new Float32Array(aside.length);
    const weights = weightsOfMask(occluders, this.#size);
    const start = isPartial(weights) ? guess.behind : guess.whole;
    // Nothing has changed where the work is stopped in the middle of it.
    const outputs = await this.#look(await this.sessions.plain(), start, weights);
    state.weights.set(weights);
    state.w.set(start);
    state.lbfgs.forget();
    this.#keepStep(outputs);
  }

  #tell(last: boolean): void {
    const { state } = this;
    const { previewEvery } = this.settings;
    const due = last || (previewEvery > 0 && state.evaluations - this.#shown >= previewEvery);
    if (due) this.#shown = state.evaluations;
    this.#report(due ? { preview: state.picture.slice() } : {});
  }

  #report(changes: Pick<InversionProgress, "preview" | "resumed" | "note">): void {
    const { evaluations, losses } = this.state;
    const { iterations } = this.settings;
    this.hooks.onProgress?.({
      iteration: evaluations,
      iterations,
      loss: losses?.["total"] ?? NaN,
      ...(losses === undefined ? {} : { losses: { ...losses } }),
      ...changes,
    });
  }
}

function lookAt(outputs: Outputs, loss: string): Look {
  const gradient = outputs[gradientName(loss, "w")] ?? new Float32Array();
  return { value: outputs[loss]?.[0] ?? NaN, gradient, outputs };
}

/** Whether something is left out. @param weights what each pixel counts */
export function isPartial(weights: Float32Array): boolean {
  return weights.some((weight) => weight < 1);
}
