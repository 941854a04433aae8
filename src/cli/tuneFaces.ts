import { writeDocument, type LatentDocument, type TunedRecord } from "../engine/files";
import type { InvertedFace, InvertedPhoto } from "../engine/inversion";
import type { Task } from "./shell";
import { integerOption } from "./usage";

/** Matches the faces of an inverted photo, and frees what that takes. */
export interface FaceTuning {
  run(photo: string, inverted: InvertedPhoto): Promise<InvertedPhoto>;
  dispose(): Promise<void>;
}

/** The steps that `--tune` asks for; undefined: none. @throws UsageError */
export function tuningSteps(text: string | undefined): number | undefined {
  return text === undefined ? undefined : integerOption("--tune", text, 1, 10_000);
}

/**
 * Tunes the generator to every face of inverted photos and notes it in their latents.
 *
 * @param steps of the tuning; undefined leaves the latents as they are.
 * @param overwrite replaces tuned weights of the same names.
 */
export async function faceTuning(
  { workshop, output, signal }: Task,
  steps: number | undefined,
  overwrite: boolean,
): Promise<FaceTuning> {
  if (steps === undefined)
    return { run: (_, inverted) => Promise.resolve(inverted), dispose: () => Promise.resolve() };
  const { Tuner, tuneLatent } = await import("../engine/inversion");
  const tuner = new Tuner(await workshop.model(), await workshop.faces());
  return {
    async run(photo, inverted) {
      // What was stopped on the way is not gone on with here.
      if (inverted.cancelled) return inverted;
      const faces: InvertedFace[] = [];
      let stopped = 0;
      for (const face of inverted.faces) {
        const { document, path } = face;
        const began = performance.now();
        const { tuned, result } = await tuneLatent(
          { document, path },
          tuner,
          { steps, overwrite },
          {
            signal,
            onProgress: ({ iteration, iterations, loss, losses: { total: _, ...parts } = {}, note }) => {
              if (note !== undefined) output.warn(note);
              output.progress({
                phase: "tune",
                done: iteration,
                total: iterations,
                details: { photo, ...(Number.isFinite(loss) ? { loss, ...parts } : {}) },
              });
            },
          },
        );
        if (result.cancelled) stopped++;
        const matched: LatentDocument = { ...document, tuned };
        await writeDocument(path, matched);
        const seconds = face.seconds + (performance.now() - began) / 1000;
        faces.push({ ...face, document: matched, seconds });
      }
      return { ...inverted, faces, cancelled: stopped > 0 };
    },
    dispose: () => tuner.dispose(),
  };
}

/** What tuning has reached, to follow a latent's own numbers in a sentence. */
export function tuningSentence(tuned: TunedRecord | undefined): string {
  if (tuned === undefined) return "";
  const { psnr = NaN, identity = NaN } = tuned.metrics ?? {};
  return `; matched: ${psnr.toFixed(1)} dB, identity distance ${identity.toFixed(2)}`;
}
