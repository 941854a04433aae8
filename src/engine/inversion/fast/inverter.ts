import { CancelledError, RfmError, throwIfCancelled } from "../../files";
import type { FaceNets } from "../../faces";
import { wPlusNorm } from "../../latents";
import type { Model } from "../../models";
import { gradientName } from "../../onnx";
import type { Session } from "../../runtime";
import { Adam, rampedLearningRate } from "../optimisers";
import { inversionGraph } from "./graph";
import { CourseRecorder } from "../course/course";
import type { FaceInverter, InversionHooks, InversionResult, InversionTarget } from "../method";
import { psnr, ssim } from "../metrics";
import { startCode } from "../start/startCode";
import { inversionSettings, type InversionOptions, type InversionSettings } from "./options";

/** The identity net is much dearer than the generator: it is asked every so many steps, with that much more weight. */
const IDENTITY_EVERY = 4;
/** The second moment forgets within some 100 steps, which is all there is. */
const ADAM = { beta1: 0.9, beta2: 0.99 };
/** How it is called in documents. */
export const FAST_METHOD = "fast";
/** The parts of the loss, unweighted. */
interface FastLosses {
  readonly total: number;
  readonly pixel: number;
  /** Squared distance of the embeddings; missing without identity loss. */
  readonly identity?: number;
  readonly norm: number;
}

/**
 * Finds the w+ whose picture is a given face: from the encoder's guess, by Adam through the generator. Sessions are
 * made once and serve every photo after.
 */
export class Inverter implements FaceInverter<InversionOptions> {
  readonly method = FAST_METHOD;
  #plain: Promise<Session> | undefined;
  #withIdentity: Promise<Session> | undefined;

  constructor(
    readonly model: Model,
    readonly faceNets: FaceNets,
  ) {}

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
    hooks.onProgress?.({
      iteration: 0,
      iterations: settings.iterations,
      loss: NaN,
      preview: await model.synthesize(start, 1),
    });
    const run = new Run(x, start, settings);
    if (settings.identityWeight > 0) {
      run.embedding = target.embedding ?? (await this.#embed(x));
    }
    try {
      await this.#optimise(run, hooks);
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
    }
    if (run.looks === 0) throw new CancelledError();
    return finish(run, hooks.signal?.aborted === true, await model.synthesize(run.best, 1));
  }

  /** Frees the sessions; the model and the face nets stay. */
  async dispose(): Promise<void> {
    const sessions = await Promise.allSettled([this.#plain, this.#withIdentity]);
    this.#plain = undefined;
    this.#withIdentity = undefined;
    for (const session of sessions) {
      if (session.status === "fulfilled") await session.value?.release();
    }
  }

  async #optimise(run: Run, { signal, onProgress }: InversionHooks): Promise<void> {
    const { iterations, identityWeight, learningRate, previewEvery } = run.settings;
    const adam = new Adam(run.w, ADAM);
    const plain = await this.#plainSession();
    for (let iteration = 0; ; iteration++) {
      throwIfCancelled(signal);
      const last = iteration === iterations;
      const withIdentity = identityWeight > 0 && (iteration % IDENTITY_EVERY === 0 || last);
      const session = withIdentity ? await this.#identitySession() : plain;
      const outputs = await session.run(
        run.feeds(withIdentity ? (last ? 1 : IDENTITY_EVERY) : undefined),
        signal,
      );
      run.note(outputs);
      const preview = last || (previewEvery > 0 && iteration > 0 && iteration % previewEvery === 0);
      onProgress?.({
        iteration,
        iterations,
        loss: run.losses?.total ?? NaN,
        ...(run.losses === undefined ? {} : { losses: { ...run.losses } }),
        ...(preview && outputs["x"] !== undefined ? { preview: outputs["x"].slice() } : {}),
      });
      if (last) return;
      adam.step(
        outputs[GRADIENT] ?? new Float32Array(),
        rampedLearningRate(iteration, iterations, learningRate),
      );
      run.steps++;
    }
  }

  async #embed(x: Float32Array): Promise<Float32Array> {
    return this.faceNets.embedCrops(x, 1, this.model.alignment);
  }

  #plainSession(): Promise<Session> {
    return (this.#plain ??= this.#compile(false));
  }

  #identitySession(): Promise<Session> {
    return (this.#withIdentity ??= this.#compile(true));
  }

  async #compile(withIdentity: boolean): Promise<Session> {
    const { model } = this;
    const synthesis = await model.synthesisGraph(1);
    const identity = withIdentity
      ? { identity: await this.faceNets.identityGraph(model.resolution, model.alignment) }
      : {};
    return model.runtime.compile(inversionGraph({ synthesis, ...identity }), {
      name: "inversion",
      arena: false,
    });
  }
}

const GRADIENT = gradientName("loss", "w");

/** The state of one inversion. */
class Run {
  readonly w: Float32Array;
  readonly best: Float32Array;
  readonly course = new CourseRecorder();
  embedding: Float32Array | undefined;
  steps = 0;
  /** How often the losses were measured. */
  looks = 0;
  /** Of the newest look. */
  losses: FastLosses | undefined;
  bestLosses: FastLosses = { total: Infinity, pixel: Infinity, norm: NaN };
  #identity: number | undefined;
  readonly #scalars = { beta: new Float32Array(1), identityWeight: new Float32Array(1) };

  constructor(
    readonly target: Float32Array,
    start: Float32Array,
    readonly settings: InversionSettings,
  ) {
    this.w = start.slice();
    this.best = start.slice();
    this.#scalars.beta[0] = settings.beta;
  }

  /** @param identityFactor how many times its weight the identity loss counts; undefined where it does not */
  feeds(identityFactor: number | undefined): Record<string, Float32Array> {
    const { w, target, embedding } = this;
    const { beta, identityWeight } = this.#scalars;
    if (identityFactor === undefined || embedding === undefined) return { w, target, beta };
    identityWeight[0] = this.settings.identityWeight * identityFactor;
    return { w, target, beta, embedding, identityWeight };
  }

  /** Takes down the losses of the current w, and w itself if it is the best. */
  note(outputs: Readonly<Record<string, Float32Array>>): void {
    const pixel = outputs["pixel"]?.[0] ?? NaN;
    const norm = outputs["norm"]?.[0] ?? NaN;
    // Between two looks of the identity net its last word counts.
    this.#identity = outputs["identity"]?.[0] ?? this.#identity;
    const { beta, identityWeight } = this.settings;
    const total = pixel + beta * norm + identityWeight * (this.#identity ?? 0);
    if (!Number.isFinite(total)) {
      throw new RfmError("model", "The inversion ran into NaN or infinity; lower the learning rate.");
    }
    this.losses = {
      total,
      pixel,
      ...(this.#identity === undefined ? {} : { identity: this.#identity }),
      norm,
    };
    this.course.add(this.looks++, { ...this.losses });
    if (total >= this.bestLosses.total) return;
    this.best.set(this.w);
    this.bestLosses = this.losses;
  }
}

function finish(run: Run, cancelled: boolean, reconstruction: Float32Array): InversionResult {
  const size = Math.round(Math.sqrt(reconstruction.length / 3));
  return {
    w: run.best,
    reconstruction,
    iterations: run.steps,
    losses: { ...run.bestLosses },
    course: run.course.course(),
    beta: run.settings.beta,
    p: 2,
    seed: run.settings.seed,
    notes: [],
    metrics: {
      psnr: psnr(reconstruction, run.target),
      ssim: ssim(reconstruction, run.target, size),
      norm: wPlusNorm(run.best),
    },
    cancelled: cancelled && run.steps < run.settings.iterations,
  };
}
