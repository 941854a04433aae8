import { Command } from "commander";
import { makeFolder } from "../../engine/files";
import { eachPiece, finishBatch, type BatchOutcome } from "../batch";
import { chosenMethod, checkMethod, type ChosenMethod, type MethodTexts } from "../invertOptions";
import { runBlock } from "../run";
import type { Shell, Task } from "../shell";
import { faceTuning, tuningSentence, tuningSteps, type FaceTuning } from "../tuneFaces";
import type { LatentDocument } from "../../engine/files";
import type { Perceptual } from "../../engine/models";
import type { InvertedPhoto, PhotoProgress, ReportedFace } from "../../engine/inversion";

interface InvertOptions extends MethodTexts {
  readonly out?: string;
  readonly perceptual?: string;
  readonly tune?: string;
  readonly overwrite?: boolean;
  /** False for `--no-report`. */
  readonly report: boolean;
}

const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];

const NOTES = `
A photo whose faces were inverted before, by the same model, method and settings, is left alone, but for the steps of --tune
that it lacks; a run that was stopped goes on where it was. Several photos give a report beside the latents: inversions.csv,
and inversions.html with all the faces.`;

/** `rfm invert`: photos to latents. */
export function invertCommand(shell: Shell): Command {
  const command = new Command("invert")
    .summary("photos to latents, one per face")
    .description("Find the latent of every face in photos: NAME.latent.json beside the photo.")
    .argument("<photos...>", "JPEG, PNG, WebP, AVIF, TIFF or GIF, or folders of such")
    .option("--out <folder>", "where to write (default: beside each photo)")
    .option(
      "--method <fast|rfm>",
      "how: quickly, or with RFM's two regularised steps an iteration (default: fast)",
    )
    .option(
      "--iterations <N>",
      "steps of the optimiser at most; 0 keeps the encoder's guess (default: 200, for rfm 1501)",
    )
    .option("--beta <B>", "weight of the penalty on the norm of w+ (default: 0.001)")
    .option("--seed <S>", "where to begin if the model has no encoder (default: 0)")
    .option(
      "--fit-occluders",
      "fast: fit hands, microphones and glare like the face (default: leave them out)",
    )
    .option("--no-polish", "fast: leave out the last steps, which take longest: those on RFM's own loss")
    .option(
      "--optimize <latent|encoder>",
      "rfm: what the optimiser changes (default: the encoder, if the model has one)",
    )
    .option("--rate <R>", "rfm: learning rate (default: 0.005)")
    .option("--norm <P>", "rfm: the penalty is the P-norm (default: 2)")
    .option(
      "--coefficient <NAME=VALUE>",
      "rfm: weight of a part of the loss: mse=5, kl=1, cosine=3, perceptual=2, ssim=1, ssimRange=1, at1=0.375, at2=0.625, latent=0.01; again for others",
      collect,
    )
    .option("--perceptual <folder>", "pack of LPIPS, for RFM's loss and the metrics")
    .option("--tune <N>", "match the face: N steps, such as 100, on the generator's weights")
    .option(
      "--overwrite",
      "invert again what was inverted before, and replace latents of the same names instead of numbering new ones",
    )
    .option("--no-report", "no inversions.csv and inversions.html for several photos")
    .addHelpText("after", NOTES);
  return command.action(async (photos: string[], options: InvertOptions) => {
    await shell.run(command, (task) => invertPhotos(task, photos, options));
  });
}

/** Inverts and writes the faces of one photo. */
type InvertOne = (photo: string) => Promise<InvertedPhoto>;

async function invertPhotos(task: Task, named: readonly string[], options: InvertOptions): Promise<void> {
  const chosen = chosenMethod(options);
  await checkMethod(chosen);
  const steps = tuningSteps(options.tune);
  const { photosIn, reportFolder } = await import("../../engine/inversion");
  const photos = await photosIn(named);
  const perceptual =
    options.perceptual === undefined ? undefined : await task.workshop.perceptual(options.perceptual);
  if (options.out !== undefined) await makeFolder(options.out);
  const tuning = await faceTuning(task, steps, options.overwrite === true);
  const { invert, dispose } = await opened(task, chosen, perceptual, options, tuning);
  const done: ReportedFace[] = [];
  const latents: object[] = [];
  try {
    const outcome = await eachPiece(
      task,
      photos,
      (photo) => photo,
      async (photo) => {
        const { faces, known, failure } = await tuning.run(photo, await invert(photo));
        for (const { path, document, seconds } of faces) {
          done.push({ photo, latent: path });
          latents.push(summary(photo, path, document, seconds));
          task.output.note(sentence(path, document, seconds));
        }
        for (const { path, document } of known) {
          done.push({ photo, latent: path });
          latents.push({ ...summary(photo, path, document), known: true });
          task.output.note(`${path}: ${likeness(document)}; inverted before`);
        }
        if (failure !== undefined) throw failure;
      },
    );
    const wanted = options.report && photos.length > 1 && done.length > 0;
    const report = wanted
      ? await writeReport(task, reportFolder(named, photos, options.out), done, outcome)
      : undefined;
    // An interrupted inversion has kept its best so far, but the work was not done.
    finishBatch(task, outcome, { latents, ...(report && { report }) });
  } finally {
    await tuning.dispose();
    await dispose();
  }
}

async function writeReport(
  { workshop, output, signal }: Task,
  folder: string,
  done: readonly ReportedFace[],
  { failed, cancelled }: BatchOutcome,
): Promise<object> {
  const { writeInversionReport } = await import("../../engine/inversion");
  // Of a batch that was stopped, what it came to is told all the same.
  const report = await writeInversionReport(
    folder,
    done,
    failed,
    await workshop.model(),
    cancelled ? undefined : signal,
  );
  output.note(report.sheet);
  return report;
}

async function opened(
  task: Task,
  chosen: ChosenMethod,
  perceptual: Perceptual | undefined,
  { out, overwrite }: InvertOptions,
  tuning: FaceTuning,
): Promise<{ invert: InvertOne; dispose: () => Promise<void> }> {
  const { Inverter, invertPhoto, RfmInverter } = await import("../../engine/inversion");
  const [model, faces] = [await task.workshop.model(), await task.workshop.faces()];
  const common = {
    ...(out === undefined ? {} : { outputFolder: out }),
    overwrite: overwrite === true,
    written: new Set<string>(),
    ...(overwrite === true ? {} : { skipDone: (document: LatentDocument) => tuning.serves(document) }),
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
  const inverter = new Inverter(model, faces, perceptual);
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

function summary(photo: string, path: string, document: LatentDocument, seconds?: number): object {
  const { metrics, norm, inversion, source } = document;
  const { method, iterations, losses, notes } = inversion ?? {};
  const told = { path, photo, face: source?.face ?? 0, method, iterations, losses, metrics, norm };
  return {
    ...told,
    ...(seconds === undefined ? {} : { seconds }),
    ...(notes && { notes }),
    ...(document.tuned && { tuned: document.tuned }),
  };
}

function sentence(path: string, document: LatentDocument, seconds: number): string {
  return `${path}: ${likeness(document)}, ${seconds.toFixed(1)} s`;
}

function likeness({ metrics = {}, norm, tuned }: LatentDocument): string {
  const { psnr = NaN, identity = NaN } = metrics;
  return `${psnr.toFixed(1)} dB, identity distance ${identity.toFixed(2)}, norm ${norm.toFixed(0)}${tuningSentence(tuned)}`;
}
