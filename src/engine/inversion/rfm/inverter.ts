import type { FaceNets } from "../../faces";
import { CancelledError, RfmError, throwIfCancelled } from "../../files";
import { wPlusNorm } from "../../latents";
import type { Model, Perceptual } from "../../models";
import { gradientName } from "../../onnx";
import type { CheckpointState } from "../checkpoint";
import type { FaceInverter, InversionHooks, InversionResult, InversionTarget, LossParts } from "../method";
import { psnr, ssim } from "../metrics";
import { Shelf } from "../session/shelf";
import { Turns } from "../session/turns";
import { begin } from "../start/begin";
import { startCode } from "../start/startCode";
import { equalisationOf } from "./encoderWeights";
import { CODE, IMAGE, LATENT, partName, weightName } from "./graph";
import { RfmMachine } from "./machine";
import { rfmSettings, type RfmOptions, type RfmSettings } from "./options";
import { copied, RfmState, type Parameter } from "./state";

/** How it is called in documents. */
export const RFM_METHOD = "rfm";
/** The state is remembered every so many iterations, to go back to where a loss is no number. */
const REMEMBER_EVERY = 25;
/** A loss that is still no number at a four-thousandth of the learning rate will not become one. */
const MOST_RETREATS = 12;

/**
 * RFM's inversion: an image step and a latent step of LREQAdam an iteration, on the weights of the encoder or on the code
 * itself. Sessions are made once for the newest settings and serve every photo after, one at a time.
 *
 * The result is the code with the least sum of both losses, not that of the last iteration: without a first moment and at
 * a constant rate the steps do not come to rest.
 */
export class RfmInverter implements FaceInverter<RfmOptions> {
  readonly method = RFM_METHOD;
  readonly #shelf = new Shelf(true);
  readonly #turns = new Turns();

  /** @param perceptual LPIPS; without it features of the recognition net stand in, as the result's notes say. */
  constructor(
    readonly model: Model,
    readonly faceNets: FaceNets,
    readonly perceptual: Perceptual | undefined,
  ) {}

  fingerprint(options: RfmOptions = {}): object {
    const { previewEvery: _, ...settings } = rfmSettings(options);
    return { settings, nets: this.faceNets.sha256, perceptual: this.perceptual?.manifest.sha256 ?? null };
  }

  async invert(
    target: InversionTarget,
    options: RfmOptions = {},
    hooks: InversionHooks = {},
  ): Promise<InversionResult> {
    const settings = rfmSettings(options);
    return this.#turns.take(() => this.#invert(target.x, settings, hooks), hooks.signal);
  }

  /**
   * What RFM's losses say of a code, whichever method has found it: the parts by name, and their sum `total`.
   *
   * @param x the face [3,S,S] in [-1,1], @param w the code [L,D]
   */
  lossesOf(x: Float32Array, w: Float32Array, options: RfmOptions = {}): Promise<LossParts> {
    return this.#turns.take(async () => {
      const machine = await this.#machineFor(rfmSettings({ ...options, optimize: "latent" }));
      await machine.fixPhoto(x);
      return partsOf(await machine.session.run({ [CODE]: w }));
    });
  }

  /** Frees the sessions, when what is at work has ended; the model and the face nets stay. */
  async dispose(): Promise<void> {
    await this.#turns.take(() => this.#shelf.clear());
  }

  async #invert(x: Float32Array, settings: RfmSettings, hooks: InversionHooks): Promise<InversionResult> {
    const { model } = this;
    const start = await begin(model, x, settings, hooks, () =>
      startCode(model, x, settings.seed, hooks.signal),
    );
    let cancelled = false;
    let run: Run;
    try {
      run = new Run(await this.#machineFor(settings), model.name, settings, start, hooks);
      cancelled = await wasStopped(run, x);
    } finally {
      if (model.isLarge) await this.#shelf.clear();
    }
    const best = run.state.best;
    if (best === undefined) throw new CancelledError();
    const reconstruction = await model.synthesize(best.w, 1);
    return {
      w: best.w,
      reconstruction,
      iterations: run.state.iteration,
      losses: best.losses,
      course: run.state.course.course(),
      beta: settings.coefficients.beta,
      p: settings.coefficients.p,
      seed: settings.seed,
      notes: run.notes,
      metrics: {
        psnr: psnr(reconstruction, x),
        ssim: ssim(reconstruction, x, model.resolution),
        norm: wPlusNorm(best.w),
      },
      cancelled,
    };
  }

  /** Machines are large: only the newest settings' one is kept. */
  #machineFor(settings: RfmSettings): Promise<RfmMachine> {
    const variant = JSON.stringify([settings.coefficients, settings.optimize]);
    return this.#shelf.get("machine", () => RfmMachine.build(this, settings), variant);
  }
}

/** Goes the way of an inversion. @returns whether it was stopped */
async function wasStopped(run: Run, x: Float32Array): Promise<boolean> {
  await run.prepare(x);
  try {
    await run.optimise();
    return false;
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    await run.keep();
    return true;
  }
}

/** One inversion. */
class Run {
  readonly state: RfmState;
  #remembered: CheckpointState | undefined;

  /** @param name of the model */
  constructor(
    readonly machine: RfmMachine,
    readonly name: string,
    readonly settings: RfmSettings,
    start: Float32Array,
    readonly hooks: InversionHooks,
  ) {
    this.state = new RfmState(parametersOf(machine, start), settings.learningRate, settings.beta2);
  }

  /** What people should know of it, in sentences: what is missing, what was mended. */
  get notes(): readonly string[] {
    return [...this.machine.notes, ...this.state.notes];
  }

  /** Takes the photo, tells what is missing, and goes on with what an earlier run kept. */
  async prepare(x: Float32Array): Promise<void> {
    const { signal, checkpoint } = this.hooks;
    await this.machine.fixPhoto(x, { signal });
    for (const note of this.machine.notes) this.#report({ note });
    const kept = await checkpoint?.load();
    if (kept !== undefined && this.state.load(kept)) this.#report({ resumed: true });
  }

  async optimise(): Promise<void> {
    const { state, machine } = this;
    const { signal, checkpoint } = this.hooks;
    const { iterations } = this.settings;
    for (;;) {
      throwIfCancelled(signal);
      const outputs = await machine.session.run(state.parameters, signal);
      const losses = partsOf(outputs);
      if (!Object.values(losses).every(Number.isFinite)) {
        if (!this.#retreat()) return;
        continue;
      }
      if (this.#remembered === undefined || state.iteration % REMEMBER_EVERY === 0)
        this.#remembered = copied(state.save());
      await checkpoint?.offer(() => state.save());
      state.note(outputs["code"] ?? state.parameters[CODE] ?? new Float32Array(), losses);
      this.#tell(outputs["x"], losses);
      if (state.iteration >= iterations) return;
      state.step((name) => outputs[gradientName(IMAGE, name)]);
      state.step((name) => outputs[gradientName(LATENT, name)]);
      state.iteration++;
    }
  }

  /** Stopped: what is there can be gone on with. */
  async keep(): Promise<void> {
    if (this.state.best !== undefined) await this.hooks.checkpoint?.keep(this.state.save());
  }

  /** Goes back to the last good state with half the learning rate. @returns whether to go on. */
  #retreat(): boolean {
    const { state } = this;
    if (this.#remembered === undefined) {
      throw new RfmError(
        "model",
        `The loss of the model ${this.name} is no number right at the start; begin with another seed, or import the model again.`,
      );
    }
    const { iteration: from, best, notes } = state;
    const [rate, retreats] = [state.learningRate / 2, state.retreats + 1];
    const goesOn = retreats <= MOST_RETREATS;
    if (goesOn) {
      state.load(this.#remembered);
      // What was found on the way stays found.
      state.best = best;
      [state.learningRate, state.retreats] = [rate, retreats];
    }
    const note = goesOn
      ? `The loss was no number at iteration ${from}: went back to iteration ${state.iteration} with the learning rate ${rate}.`
      : `The loss stayed no number at ever smaller learning rates; stopped at iteration ${from}.`;
    state.notes = [...notes, note];
    this.#report({ note });
    return goesOn;
  }

  #tell(x: Float32Array | undefined, losses: LossParts): void {
    const { iteration } = this.state;
    const { iterations, previewEvery } = this.settings;
    const due = iteration === iterations || (previewEvery > 0 && iteration % previewEvery === 0);
    this.#report({ losses, ...(due && x !== undefined ? { preview: x.slice() } : {}) });
  }

  #report(told: { losses?: LossParts; preview?: Float32Array; note?: string; resumed?: true }): void {
    const { iteration } = this.state;
    const { iterations } = this.settings;
    this.hooks.onProgress?.({ iteration, iterations, loss: told.losses?.["total"] ?? NaN, ...told });
  }
}

function parametersOf({ optimised, encoder }: RfmMachine, start: Float32Array): Parameter[] {
  if (optimised === "latent" || encoder === undefined) return [{ name: CODE, start, equalisation: 1 }];
  return [...encoder.weights].map(([name, tensor]) => ({
    name: weightName(name),
    start: tensor.data as Float32Array,
    equalisation: equalisationOf(name, tensor),
  }));
}

/** The sums first, then the parts, all by their plain names. */
function partsOf(outputs: Readonly<Record<string, Float32Array>>): LossParts {
  const sums = ["total", IMAGE, LATENT].map((name) => [name, outputs[name]?.[0]] as const);
  const prefix = partName("");
  const parts = Object.entries(outputs)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length), value[0]] as const);
  return Object.fromEntries(
    [...sums, ...parts].flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
