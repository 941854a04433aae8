import { Command } from "commander";
import { makeFolder } from "../../engine/files";
import { eachPiece, finishBatch } from "../batch";
import { chosenMethod, checkMethod, type ChosenMethod, type MethodTexts } from "../invertOptions";
import { runBlock } from "../run";
import type { Shell, Task } from "../shell";
import { faceTuning, tuningSentence, tuningSteps } from "../tuneFaces";
import type { Perceptual } from "../../engine/models";
import type { InvertedFace, InvertedPhoto, PhotoProgress } from "../../engine/inversion";

interface InvertOptions extends MethodTexts {
  readonly out?: string;
  readonly perceptual?: string;
  readonly tune?: string;
  readonly overwrite?: boolean;
}

const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** `rfm invert`: photos to latents. */
export function invertCommand(shell: Shell): Command {
  const command = new Command("invert")
    .summary("photos to latents, one per face")
    .description("Find the latent of every face in photos: NAME.latent.json beside the photo.")
    .argument("<photos...>", "JPEG, PNG, WebP, AVIF, TIFF or GIF")
    .option("--out <folder>", "where to write (default: beside each photo)")
    .option(
      "--method <fast|rfm>",
      "how: quickly, or with RFM's two regularised steps an iteration (default: fast)",
    )
    .option(
      "--iterations <N>",
      "steps of the optimiser; 0 keeps the encoder's guess (default: 100, for rfm 1501)",
    )
    .option("--beta <B>", "weight of the penalty on the norm of w+ (default: 0.0001, for rfm 0.001)")
    .option("--seed <S>", "where to begin if the model has no encoder (default: 0)")
    .option("--rate <R>", "learning rate (default: 0.1, for rfm 0.005)")
    .option(
      "--optimize <latent|encoder>",
      "rfm: what the optimiser changes (default: the encoder, if the model has one)",
    )
    .option("--norm <P>", "rfm: the penalty is the P-norm (default: 2)")
    .option(
      "--coefficient <NAME=VALUE>",
      "rfm: weight of a part of the loss: mse=5, kl=1, cosine=3, perceptual=2, ssim=1, ssimRange=1, at1=0.375, at2=0.625, latent=0.01; again for others",
      collect,
    )
    .option("--perceptual <folder>", "pack of LPIPS, for RFM's loss and the metrics")
    .option("--tune <N>", "match the face: N steps, such as 100, on the generator's weights")
    .option("--overwrite", "replace latents of the same names instead of numbering new ones");
  return command.action(async (photos: string[], options: InvertOptions) => {
    await shell.run(command, (task) => invertPhotos(task, photos, options));
  });
}

/** Inverts and writes the faces of one photo. */
type InvertOne = (photo: string) => Promise<InvertedPhoto>;

async function invertPhotos(task: Task, photos: readonly string[], options: InvertOptions): Promise<void> {
  const chosen = chosenMethod(options);
  await checkMethod(chosen);
  const steps = tuningSteps(options.tune);
  const perceptual =
    options.perceptual === undefined ? undefined : await task.workshop.perceptual(options.perceptual);
  if (options.out !== undefined) await makeFolder(options.out);
  const { invert, dispose } = await opened(task, chosen, perceptual, options);
  const tuning = await faceTuning(task, steps, options.overwrite === true);
  const latents: object[] = [];
  try {
    const outcome = await eachPiece(
      task,
      photos,
      (photo) => photo,
      async (photo) => {
        const { faces } = await tuning.run(photo, await invert(photo));
        latents.push(...faces.map((face) => summary(photo, face)));
        for (const face of faces) task.output.note(sentence(face));
      },
    );
    // An interrupted inversion has kept its best so far, but the work was not done.
    finishBatch(task, outcome, { latents });
  } finally {
    await tuning.dispose();
    await dispose();
  }
}

async function opened(
  task: Task,
  chosen: ChosenMethod,
  perceptual: Perceptual | undefined,
  { out, overwrite }: InvertOptions,
): Promise<{ invert: InvertOne; dispose: () => Promise<void> }> {
  const { Inverter, invertPhoto, RfmInverter } = await import("../../engine/inversion");
  const [model, faces] = [await task.workshop.model(), await task.workshop.faces()];
  const common = {
    ...(out === undefined ? {} : { outputFolder: out }),
    overwrite: overwrite === true,
    perceptual,
    run: runBlock(model.runtime.provider),
  };
  const tell = progressTo(task);
  const hooks = (photo: string): Parameters<typeof invertPhoto>[3] => ({
    signal: task.signal,
    onProgress: (progress) => {
      tell(photo, progress);
    },
  });
  if (chosen.method === "rfm") {
    const inverter = new RfmInverter(model, faces, perceptual);
    return {
      invert: (photo) => invertPhoto(photo, inverter, { ...common, inversion: chosen.options }, hooks(photo)),
      dispose: () => inverter.dispose(),
    };
  }
  const inverter = new Inverter(model, faces);
  return {
    invert: (photo) => invertPhoto(photo, inverter, { ...common, inversion: chosen.options }, hooks(photo)),
    dispose: () => inverter.dispose(),
  };
}

/** Tells progress; what people should know about the method is said once, not for every photo. */
function progressTo({ output }: Task): (photo: string, progress: PhotoProgress) => void {
  const said = new Set<string>();
  return (photo, { phase, face, faces, iteration, iterations, loss, losses = {}, resumed, note, doubt }) => {
    if (note !== undefined && !said.has(note)) {
      said.add(note);
      output.warn(note);
    }
    const place = faces > 1 ? `${photo}, face ${face + 1} of ${faces}` : photo;
    if (doubt !== undefined) output.warn(`${place}: ${doubt}`);
    if (resumed === true) output.warn(`${photo}: goes on from iteration ${iteration} of an earlier run.`);
    const { total: _, ...parts } = losses;
    output.progress({
      phase,
      done: iteration,
      total: iterations,
      details: {
        photo,
        ...(faces > 1 ? { face: `${face + 1} of ${faces}` } : {}),
        ...(loss === undefined ? {} : { loss, ...parts }),
      },
    });
  };
}

function summary(photo: string, { path, face, document, seconds }: InvertedFace): object {
  const { metrics, norm, inversion } = document;
  const { method, iterations, losses, notes } = inversion ?? {};
  const told = { path, photo, face, method, iterations, losses, metrics, norm, seconds };
  return { ...told, ...(notes && { notes }), ...(document.tuned && { tuned: document.tuned }) };
}

function sentence({ path, document: { metrics = {}, norm, tuned }, seconds }: InvertedFace): string {
  const { psnr = NaN, identity = NaN } = metrics;
  return `${path}: ${psnr.toFixed(1)} dB, identity distance ${identity.toFixed(2)}, norm ${norm.toFixed(0)}${tuningSentence(tuned)}, ${seconds.toFixed(1)} s`;
}
