import {
  CancelledError,
  readDocument,
  writeDocument,
  type LatentDocument,
  type TunedRecord,
} from "../engine/files";
import type { InvertedPhoto, Tuner } from "../engine/inversion";
import type { Task } from "./shell";
import { integerOption } from "./usage";

/** A latent on its way through the command, and how long it took. */
export interface CommandFace {
  readonly path: string;
  readonly document: LatentDocument;
  readonly seconds: number;
}

/** The faces of a photo: those that were worked on, and latents that were left as they are. */
export interface CommandFaces {
  readonly faces: readonly CommandFace[];
  readonly known: readonly Pick<CommandFace, "path" | "document">[];
  /** What went wrong after these. */
  readonly failure?: Error;
}

/** Matches the faces of an inverted photo, and frees what that takes. */
export interface FaceTuning {
  /** Whether a latent of an earlier run needs no other inversion: it is matched already, or can be now. */
  serves(document: LatentDocument): boolean;
  run(photo: string, inverted: InvertedPhoto): Promise<CommandFaces>;
  dispose(): Promise<void>;
}

/** The steps that `--tune` asks for; undefined: none. @throws UsageError */
export function tuningSteps(text: string | undefined): number | undefined {
  return text === undefined ? undefined : integerOption("--tune", text, 1, 10_000);
}

/**
 * Tunes the generator to every face of inverted photos and notes it in their latents; also to those that an earlier run had
 * inverted and not tuned to the end.
 *
 * @param steps of the tuning; undefined leaves the latents as they are.
 * @param overwrite replaces tuned weights of the same names.
 */
export async function faceTuning(
  task: Task,
  steps: number | undefined,
  overwrite: boolean,
): Promise<FaceTuning> {
  if (steps === undefined) {
    return {
      serves: () => true,
      run: (_, inverted) => Promise.resolve(inverted),
      dispose: () => Promise.resolve(),
    };
  }
  const { Tuner: FaceTuner } = await import("../engine/inversion");
  const tuner = new FaceTuner(await task.workshop.model(), await task.workshop.faces());
  const isTuned = ({ tuned }: LatentDocument): boolean =>
    tuned !== undefined && (tuned.steps ?? steps) >= steps;
  return {
    // An accepted edit has made another face of it.
    serves: (document) => isTuned(document) || (document.history ?? []).length === 0,
    async run(photo, { faces, known, cancelled, failure: before }) {
      // What was stopped on the way is not gone on with here.
      if (cancelled) return { faces, known };
      const todo = known.filter(({ document }) => !isTuned(document));
      const all: CommandFace[] = [...faces, ...todo.map((latent) => ({ ...latent, seconds: 0 }))];
      let failure = before;
      for (const [index, face] of all.entries()) {
        try {
          all[index] = await tuneFace(task, tuner, photo, face, { steps, overwrite });
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          // The latents are there, matched or not.
          failure ??= error;
          if (error instanceof CancelledError) break;
        }
      }
      const rest = { known: known.filter(({ document }) => isTuned(document)) };
      return { faces: all, ...rest, ...(failure === undefined ? {} : { failure }) };
    },
    dispose: () => tuner.dispose(),
  };
}

async function tuneFace(
  { output, signal }: Task,
  tuner: Tuner,
  photo: string,
  { path, seconds }: Pick<CommandFace, "path" | "seconds">,
  options: { readonly steps: number; readonly overwrite: boolean },
): Promise<CommandFace> {
  const { tuneLatent } = await import("../engine/inversion");
  const began = performance.now();
  // As it was written, where numbers are float32: a later run that goes on must see the very same face.
  const document = await readDocument(path, "latent");
  const { tuned } = await tuneLatent({ document, path }, tuner, options, {
    signal,
    onProgress: ({ iteration, iterations, loss, losses: { total: _, ...parts } = {}, note, resumed }) => {
      if (note !== undefined) output.warn(note);
      if (resumed === true)
        output.warn(`${path}: matching goes on from step ${iteration} of an earlier run.`);
      output.progress({
        phase: "tune",
        done: iteration,
        total: iterations,
        details: { photo, ...(Number.isFinite(loss) ? { loss, ...parts } : {}) },
      });
    },
  });
  const matched: LatentDocument = { ...document, tuned };
  await writeDocument(path, matched);
  return { path, document: matched, seconds: seconds + (performance.now() - began) / 1000 };
}

/** What tuning has reached, to follow a latent's own numbers in a sentence. */
export function tuningSentence(tuned: TunedRecord | undefined): string {
  if (tuned === undefined) return "";
  const { psnr = NaN, identity = NaN } = tuned.metrics ?? {};
  return `; matched: ${psnr.toFixed(1)} dB, identity distance ${identity.toFixed(2)}`;
}
