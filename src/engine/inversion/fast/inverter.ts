import { CancelledError, RfmError, throwIfCancelled } from "../../files";
import type { FaceNets } from "../../faces";
import { wPlusNorm } from "../../latents";
import type { Model } from "../../models";
import { gradientName } from "../../onnx";
import type { Session } from "../../runtime";
import type { FaceInverter, InversionHooks, InversionResult, InversionTarget } from "../method";
import { psnr, ssim } from "../metrics";
import type { Evaluate } from "../optimisers";
import { startCode } from "../start/startCode";
import { averaged } from "./coarse";
import { isOccluded, occludedShare, occlusionGrid, occlusionWeights } from "./occlusion";
import { inversionSettings, type InversionOptions, type InversionSettings } from "./options";
import { ProgressWatch } from "./progressWatch";
import { InversionSessions } from "./sessions";
import { FastState, type FastLosses } from "./state";

/** How it is called in documents. */
export const FAST_METHOD = "fast";
const GRADIENT = gradientName("loss", "w");

/** Parts of the way between coarse pictures and recognition, as far as each has so many looks. */
const PARTS = 4;
const LOOKS_A_PART = 15;

/** A part of the way: which graph is asked, and for which share of the steps. */
interface Stage {
  readonly kind: "coarse" | "plain" | "identity";
  readonly share: number;
}

/**
 * Finds the w+ whose picture is a given face: from the encoder's guess, by L-BFGS through the generator, first on coarse
 * pictures where the model is large, last with the recognition net. What the generator cannot draw is found on the way and
 * left out. Sessions are made once and serve every photo after.
 */
export class Inverter implements FaceInverter<InversionOptions> {
  readonly method = FAST_METHOD;
  readonly #sessions: InversionSessions;

  constructor(
    readonly model: Model,
    readonly faceNets: FaceNets,
  ) {
    this.#sessions = new InversionSessions(model, faceNets);
  }

  fingerprint(options: InversionOptions = {}): object {
    const { previewEvery: _, ...settings } = inversionSettings(options);
    return { settings, nets: this.faceNets.sha256 };
  }

  async invert(
    target: InversionTarget,
    options: InversionOptions = {},
    hooks: InversionHooks = {},
  ): Promise<InversionResult> {
    const settings = inversionSettings(options);
    const { model } = this;
    const { x } = target;
    if (x.length !== model.pictureSize) {
      throw new RfmError(
        "usage",
        `The crop holds ${x.length} numbers but the model ${model.name} draws ${model.pictureSize}; align the photo for this model.`,
      );
    }
    throwIfCancelled(hooks.signal);
    const start = await startCode(model, x, settings.seed, hooks.signal);
    // The first preview needs no loss graph and so comes at once.
    const preview = await model.synthesize(start, 1);
    hooks.onProgress?.({ iteration: 0, iterations: settings.iterations, loss: NaN, preview });
    const wantsIdentity = settings.identityWeight > 0;
    const embedding = wantsIdentity
      ? (target.embedding ?? (await this.faceNets.embedCrops(x, 1, model.alignment)))
      : undefined;
    const run = new Run(this.#sessions, x, embedding, new FastState(start, x.length / 3, settings), hooks);
    try {
      await run.optimise(preview);
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
      await run.keep();
    }
    const { losses } = run.state;
    if (losses === undefined) throw new CancelledError();
    return finish(run, losses, await model.synthesize(run.state.w, 1));
  }

  /** Frees the sessions; the model and the face nets stay. */
  async dispose(): Promise<void> {
    await this.#sessions.dispose();
  }
}

/** One inversion. */
class Run {
  readonly #size: number;
  readonly #beta: Float32Array;
  readonly #identityWeight: Float32Array;
  /** Of the step that was kept last; a session's next run overwrites its own. */
  readonly #picture: Float32Array;
  #coarse: Readonly<Record<"target" | "weights", Float32Array>> | undefined;
  /** Looks when the last preview was sent. */
  #shown = 0;

  constructor(
    readonly sessions: InversionSessions,
    readonly target: Float32Array,
    readonly embedding: Float32Array | undefined,
    readonly state: FastState,
    readonly hooks: InversionHooks,
  ) {
    this.#size = sessions.model.resolution;
    this.#picture = new Float32Array(target.length);
    this.#beta = Float32Array.of(this.settings.beta);
    this.#identityWeight = Float32Array.of(this.settings.identityWeight);
  }

  get settings(): InversionSettings {
    return this.state.settings;
  }

  /** @param startPicture of the code that it begins with */
  async optimise(startPicture: Float32Array): Promise<void> {
    const { state, hooks } = this;
    const kept = await hooks.checkpoint?.load();
    if (kept !== undefined && state.load(kept)) this.#report({ resumed: true });
    const coarse =
      this.settings.iterations > 0 ? await this.sessions.coarse(state.w, startPicture) : undefined;
    const first = this.embedding === undefined ? await this.sessions.plain() : await this.sessions.identity();
    this.#keepStep(await this.#look(first, state.w));
    const { iterations } = this.settings;
    const stages = stagesOf(iterations, coarse !== undefined, this.embedding !== undefined);
    for (; state.stage < stages.length; state.stage++) {
      const stage = stages[state.stage];
      if (stage === undefined || state.evaluations >= iterations) break;
      const isOther = stage.kind !== stages[state.stage - 1]?.kind;
      const looks = stage.kind !== "coarse" && this.settings.occluders === "leave-out";
      if ((looks && this.#findOccluders()) || isOther) state.lbfgs.restart();
      await this.#descend(stage.kind, coarse, Math.ceil(stage.share * iterations));
    }
    this.#tell(true);
  }

  /** Keeps the state where the work is stopped. */
  async keep(): Promise<void> {
    if (this.state.losses !== undefined) await this.hooks.checkpoint?.keep(this.state.save());
  }

  async #descend(kind: Stage["kind"], coarse: Session | undefined, budget: number): Promise<void> {
    const { state } = this;
    const session =
      kind === "coarse"
        ? coarse
        : kind === "plain"
          ? await this.sessions.plain()
          : await this.sessions.identity();
    if (session === undefined) return;
    const end = Math.min(this.settings.iterations, state.evaluations + budget);
    const watch = new ProgressWatch();
    let newest: Outputs = {};
    const evaluate: Evaluate = async (w) => {
      newest = kind === "coarse" ? await this.#lookCoarse(session, w) : await this.#look(session, w);
      state.evaluations++;
      return { value: newest["loss"]?.[0] ?? NaN, gradient: newest[GRADIENT] ?? new Float32Array() };
    };
    while (state.evaluations < end) {
      throwIfCancelled(this.hooks.signal);
      const value = await state.lbfgs.step(evaluate, end - state.evaluations);
      if (value === undefined) break;
      // A step is kept right after the look that it was tried with.
      if (kind !== "coarse") this.#keepStep(newest);
      this.#tell(false);
      await this.hooks.checkpoint?.offer(() => state.save());
      if (watch.isFlat(value)) break;
    }
    // Coarse pictures say little of the whole one.
    if (kind === "coarse") this.#keepStep(await this.#look(await this.sessions.plain(), state.w));
  }

  #look(session: Session, w: Float32Array): Promise<Outputs> {
    const { state, target, embedding } = this;
    const feeds = { w, target, beta: this.#beta, weights: state.weights };
    const more = { embedding: embedding ?? new Float32Array(), identityWeight: this.#identityWeight };
    return session.run(session.inputs.has("embedding") ? { ...feeds, ...more } : feeds, this.hooks.signal);
  }

  #lookCoarse(session: Session, w: Float32Array): Promise<Outputs> {
    const side = this.sessions.coarseSide;
    this.#coarse ??= {
      target: averaged(this.target, this.#size, side),
      weights: new Float32Array(side * side).fill(1),
    };
    return session.run({ w, beta: this.#beta, ...this.#coarse }, this.hooks.signal);
  }

  /** Takes down the losses of a step that was kept. @throws RfmError("model") where they are no numbers */
  #keepStep(outputs: Outputs): void {
    const losses = this.state.lossesOf(outputs);
    if (!Number.isFinite(losses.total)) {
      throw new RfmError(
        "model",
        `The pictures of the model ${this.sessions.model.name} hold NaN or infinity; import the model again.`,
      );
    }
    this.state.note(losses);
    this.#picture.set(outputs["x"] ?? []);
  }

  /** @returns whether other pixels count now */
  #findOccluders(): boolean {
    const { weights, evaluations } = this.state;
    const wasPartial = isPartial(weights);
    const look = evaluations === 0 ? "atStart" : wasPartial ? "again" : "later";
    const found = occlusionWeights(this.#picture, this.target, this.#size);
    const isPartialNow = isOccluded(found, look);
    if (isPartialNow) weights.set(found);
    else weights.fill(1);
    return wasPartial || isPartialNow;
  }

  #tell(last: boolean): void {
    const { state } = this;
    const { previewEvery } = this.settings;
    const due = last || (previewEvery > 0 && state.evaluations - this.#shown >= previewEvery);
    if (due) this.#shown = state.evaluations;
    this.#report(due ? { preview: this.#picture.slice() } : {});
  }

  #report(changes: { readonly preview?: Float32Array; readonly resumed?: true }): void {
    const { evaluations, losses } = this.state;
    this.hooks.onProgress?.({
      iteration: evaluations,
      iterations: this.settings.iterations,
      loss: losses?.total ?? NaN,
      ...(losses === undefined ? {} : { losses: { ...losses } }),
      ...changes,
    });
  }
}

type Outputs = Readonly<Record<string, Float32Array>>;

/** Occluders are looked for before each part; recognition is dear and comes last. */
function stagesOf(iterations: number, coarse: boolean, identity: boolean): readonly Stage[] {
  const last = identity ? 0.3 : 0;
  const first = coarse ? 0.25 : 0;
  const rest = 1 - first - last;
  const parts = Math.max(1, Math.min(PARTS, Math.floor((rest * iterations) / LOOKS_A_PART)));
  const middle = { kind: "plain", share: rest / parts } as const;
  return [
    ...(coarse ? [{ kind: "coarse", share: first } as const] : []),
    ...Array.from({ length: parts }, () => middle),
    ...(identity ? [{ kind: "identity", share: last } as const] : []),
  ];
}

function finish(run: Run, losses: FastLosses, reconstruction: Float32Array): InversionResult {
  const { state, settings, target } = run;
  const size = run.sessions.model.resolution;
  const occluded = isPartial(state.weights);
  return {
    w: state.w,
    reconstruction,
    iterations: state.evaluations,
    losses: { ...losses },
    course: state.course.course(),
    beta: settings.beta,
    p: 2,
    seed: settings.seed,
    notes: occluded ? [occlusionNote(state.weights)] : [],
    ...(occluded ? { occlusion: occlusionGrid(state.weights, size) } : {}),
    metrics: {
      psnr: psnr(reconstruction, target),
      ssim: ssim(reconstruction, target, size),
      norm: wPlusNorm(state.w),
    },
    cancelled: run.hooks.signal?.aborted === true && state.evaluations < settings.iterations,
  };
}

/** Whether something is left out. */
function isPartial(weights: Float32Array): boolean {
  return weights.some((weight) => weight < 1);
}

function occlusionNote(weights: Float32Array): string {
  const share = Math.max(1, Math.round(100 * occludedShare(weights)));
  return `About ${share}% of the crop shows something that the model cannot draw, and was left out of the loss.`;
}
