import type { FaceNets } from "../../faces";
import { CancelledError } from "../../files";
import { wPlusNorm } from "../../latents";
import type { Model, Perceptual } from "../../models";
import type { FaceInverter, InversionHooks, InversionResult, InversionTarget, LossParts } from "../method";
import { psnr, ssim } from "../metrics";
import { Turns } from "../session/turns";
import { begin } from "../start/begin";
import { startCode } from "../start/startCode";
import { occludedShare, occlusionGrid } from "./occlusion";
import { inversionSettings, type InversionOptions, type InversionSettings } from "./options";
import { faceFrame } from "./residual";
import { FastRun, isPartial } from "./run";
import { InversionSessions } from "./sessions";
import { isPolished } from "./stages";
import { FastState } from "./state";
import { guessBehind, type Guess } from "./suspects";

/** Counted up whenever the same settings find another code: latents of an earlier way are no longer the same work. */
const WAY = 2;
/** How it is called in documents. */
export const FAST_METHOD = "fast";

/**
 * Finds the w+ whose picture is a given face: from the encoder's guess, by L-BFGS through the generator, first on coarse
 * pictures where the model is large, then with the recognition net, last by RFM's own loss. What the generator cannot
 * draw is found on the way and left out. Sessions are made once and serve every photo after, one at a time.
 */
export class Inverter implements FaceInverter<InversionOptions> {
  readonly method = FAST_METHOD;
  readonly #sessions: InversionSessions;
  readonly #turns = new Turns();

  /** @param perceptual LPIPS for RFM's loss; without it features of the recognition net take its place. */
  constructor(
    readonly model: Model,
    readonly faceNets: FaceNets,
    readonly perceptual?: Perceptual | undefined,
  ) {
    this.#sessions = new InversionSessions(model, faceNets, perceptual);
  }

  fingerprint(options: InversionOptions = {}): object {
    const { previewEvery: _, ...settings } = inversionSettings(options);
    return {
      way: WAY,
      settings,
      nets: this.faceNets.sha256,
      perceptual: this.perceptual?.manifest.sha256 ?? null,
    };
  }

  async invert(
    target: InversionTarget,
    options: InversionOptions = {},
    hooks: InversionHooks = {},
  ): Promise<InversionResult> {
    const settings = inversionSettings(options);
    return this.#turns.take(() => this.#invert(target, settings, hooks), hooks.signal);
  }

  /** Frees the sessions, when what is at work has ended; the model and the face nets stay. */
  async dispose(): Promise<void> {
    await this.#turns.take(() => this.#sessions.dispose());
  }

  async #invert(
    target: InversionTarget,
    settings: InversionSettings,
    hooks: InversionHooks,
  ): Promise<InversionResult> {
    const { model } = this;
    const { x } = target;
    const frame = faceFrame(model.resolution, model.alignment);
    const isGuessed = settings.occluders === "leave-out" && settings.iterations > 0 && model.hasEncoder;
    let guess: Guess | undefined;
    const start = await begin(model, x, settings, hooks, async () => {
      if (!isGuessed) return startCode(model, x, settings.seed, hooks.signal);
      guess = await guessBehind(model, x, frame, hooks.signal);
      return guess.behind;
    });
    // RFM's loss asks the recognition net itself where there is no LPIPS: twice would be dear.
    const isAskedLater = this.perceptual === undefined && isPolished(settings);
    const wantsIdentity = settings.identityWeight > 0 && !isAskedLater;
    const embedding = wantsIdentity
      ? (target.embedding ?? (await this.faceNets.embedCrops(x, 1, model.alignment)))
      : undefined;
    const state = new FastState(start, x.length / 3, settings);
    const run = new FastRun(this.#sessions, x, embedding, state, hooks, frame, guess);
    let cancelled = false;
    try {
      await run.optimise();
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
      cancelled = true;
      await run.keep();
    } finally {
      await this.#sessions.rest();
    }
    const { losses } = run.state;
    if (losses === undefined) throw new CancelledError();
    return finish(run, losses, cancelled, await model.synthesize(run.state.w, 1));
  }
}

function finish(
  run: FastRun,
  losses: LossParts,
  cancelled: boolean,
  reconstruction: Float32Array,
): InversionResult {
  const { state, settings, target } = run;
  const size = run.sessions.model.resolution;
  const occluded = run.isJudged && isPartial(state.weights);
  return {
    w: state.w,
    reconstruction,
    iterations: state.evaluations,
    losses: { ...losses },
    course: state.course.course(),
    beta: settings.beta,
    p: 2,
    seed: settings.seed,
    notes: [...run.notes, ...(occluded ? [occlusionNote(state.weights)] : [])],
    ...(occluded ? { occlusion: occlusionGrid(state.weights, size) } : {}),
    metrics: {
      psnr: psnr(reconstruction, target),
      ssim: ssim(reconstruction, target, size),
      norm: wPlusNorm(state.w),
    },
    cancelled,
  };
}

function occlusionNote(weights: Float32Array): string {
  const share = Math.max(1, Math.round(100 * occludedShare(weights)));
  return `About ${share}% of the crop shows something that the model cannot draw, and was left out of the loss.`;
}
