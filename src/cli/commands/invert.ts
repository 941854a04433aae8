import { Command } from "commander";
import { makeFolder } from "../../engine/files";
import { eachPiece, finishBatch } from "../batch";
import { runBlock } from "../run";
import type { Shell, Task } from "../shell";
import { choiceOption, integerOption, numberOption } from "../usage";
import type {
  InversionOptions,
  InvertedFace,
  InvertedPhoto,
  Inverter,
  PhotoProgress,
} from "../../engine/inversion";

interface InvertOptions {
  readonly out?: string;
  readonly method?: string;
  readonly iterations?: string;
  readonly beta?: string;
  readonly seed?: string;
  readonly overwrite?: boolean;
}

/** `rfm invert`: photos to latents. */
export function invertCommand(shell: Shell): Command {
  const command = new Command("invert")
    .summary("photos to latents, one per face")
    .description("Find the latent of every face in photos: NAME.latent.json beside the photo.")
    .argument("<photos...>", "JPEG, PNG, WebP, AVIF, TIFF or GIF")
    .option("--out <folder>", "where to write (default: beside each photo)")
    .option("--method <fast>", "how: the encoder's guess, then optimisation (default: fast)")
    .option("--iterations <N>", "steps of the optimiser; 0 keeps the encoder's guess (default: 100)")
    .option("--beta <B>", "weight of the penalty on the norm of w+ (default: 0.0001)")
    .option("--seed <S>", "where to begin if the model has no encoder (default: 0)")
    .option("--overwrite", "replace latents of the same names instead of numbering new ones");
  return command.action(async (photos: string[], options: InvertOptions) => {
    await shell.run(command, (task) => invertPhotos(task, photos, options));
  });
}

async function invertPhotos(task: Task, photos: readonly string[], options: InvertOptions): Promise<void> {
  const { workshop } = task;
  const inversion = inversionOptions(options);
  if (options.out !== undefined) await makeFolder(options.out);
  const { Inverter } = await import("../../engine/inversion");
  const inverter = new Inverter(await workshop.model(), await workshop.faces());
  const latents: object[] = [];
  const outcome = await eachPiece(
    task,
    photos,
    (photo) => photo,
    async (photo) => {
      const { faces } = await invertOne(task, photo, inverter, inversion, options);
      latents.push(...faces.map((face) => summary(photo, face)));
      for (const face of faces) task.output.note(sentence(face));
    },
  );
  // An interrupted inversion has kept its best so far, but the work was not done.
  finishBatch(task, outcome, { latents });
}

function inversionOptions({ method, iterations, beta, seed }: InvertOptions): InversionOptions {
  if (method !== undefined) choiceOption("--method", method, ["fast"]);
  return {
    ...(iterations === undefined
      ? {}
      : { iterations: integerOption("--iterations", iterations, 0, 100_000) }),
    ...(beta === undefined ? {} : { beta: numberOption("--beta", beta, 0) }),
    ...(seed === undefined ? {} : { seed: integerOption("--seed", seed) }),
  };
}

async function invertOne(
  { output, signal }: Task,
  photo: string,
  inverter: Inverter,
  inversion: InversionOptions,
  { out, overwrite }: InvertOptions,
): Promise<InvertedPhoto> {
  const { invertPhoto } = await import("../../engine/inversion");
  return invertPhoto(
    photo,
    inverter,
    {
      ...(out === undefined ? {} : { outputFolder: out }),
      overwrite: overwrite === true,
      inversion,
      run: runBlock(inverter.model.runtime.provider),
    },
    {
      signal,
      onProgress: ({ phase, face, faces, iteration, iterations, loss }: PhotoProgress) => {
        output.progress({
          phase,
          done: iteration,
          total: iterations,
          details: {
            photo,
            ...(faces > 1 ? { face: `${face + 1} of ${faces}` } : {}),
            ...(loss === undefined ? {} : { loss }),
          },
        });
      },
    },
  );
}

function summary(photo: string, { path, face, document, seconds }: InvertedFace): object {
  return { path, photo, face, metrics: document.metrics, norm: document.norm, seconds };
}

function sentence({ path, document: { metrics = {}, norm }, seconds }: InvertedFace): string {
  const { psnr = NaN, identity = NaN } = metrics;
  return `${path}: ${psnr.toFixed(1)} dB, identity distance ${identity.toFixed(2)}, norm ${norm.toFixed(0)}, ${seconds.toFixed(1)} s`;
}
