import { Command } from "commander";
import { documentSuffix, readDocument, sha256OfFile } from "../../engine/files";
import type { Picture } from "../../engine/faces";
import type { PictureMetrics } from "../../engine/inversion";
import type { LatentDocument } from "../../engine/files";
import type { Model } from "../../engine/models";
import type { Shell, Task } from "../shell";

interface MetricsOptions {
  readonly perceptual?: string;
}

/** `rfm metrics`: how alike two pictures are. */
export function metricsCommand(shell: Shell): Command {
  const command = new Command("metrics")
    .summary("how alike two pictures or latents are")
    .description(
      "Compare two pictures of one size: mean squared error of values in [-1,1], PSNR, SSIM, identity distance and, where it is installed, LPIPS. A latent stands for its face without edits; a photo that a latent was made from is aligned for it.",
    )
    .argument("<A>", "a picture, or NAME.latent.json")
    .argument("<B>", "what it is compared with, the same")
    .option("--perceptual <folder>", "pack of LPIPS");
  return command.action(async (a: string, b: string, options: MetricsOptions) => {
    await shell.run(command, (task) => compare(task, [a, b], options));
  });
}

async function compare(
  task: Task,
  paths: readonly [string, string],
  { perceptual: folder }: MetricsOptions,
): Promise<void> {
  const { signal, workshop, output } = task;
  const perceptual = folder === undefined ? undefined : await workshop.perceptual(folder);
  const { comparePictures } = await import("../../engine/inversion");
  const documents = [await latentAt(paths[0]), await latentAt(paths[1])] as const;
  const model = documents.some((document) => document !== undefined) ? await workshop.model() : undefined;
  const pictures = [
    await pictureOf(task, paths[0], documents[0], documents[1], model),
    await pictureOf(task, paths[1], documents[1], documents[0], model),
  ] as const;
  const faceNets = await workshop.faces();
  const tools = { faceNets, perceptual, alignment: model?.alignment, signal };
  const metrics = await comparePictures(...pictures, tools);
  for (const note of metrics.notes) output.warn(note);
  output.result(asJson(metrics), sentence(metrics));
}

async function latentAt(path: string): Promise<LatentDocument | undefined> {
  return path.endsWith(documentSuffix("latent")) ? readDocument(path, "latent") : undefined;
}

/** A latent's face, a picture as it is, or, beside the latent that was made from it, the face of a photo. */
async function pictureOf(
  { signal }: Task,
  path: string,
  document: LatentDocument | undefined,
  other: LatentDocument | undefined,
  model: Model | undefined,
): Promise<Picture> {
  const { cropQuad, decodePicture, fromTensor } = await import("../../engine/faces");
  if (document !== undefined && model !== undefined) {
    const { latentCode } = await import("../../engine/latents");
    return fromTensor(await model.synthesize(latentCode(document, path, model), 1), model.resolution);
  }
  const picture = await decodePicture(path, { minimumSide: 1, signal });
  const { source } = other ?? {};
  if (source === undefined || model === undefined || source.sha256 !== (await sha256OfFile(path, signal)))
    return picture;
  const [a, b, c, d] = source.quad;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return picture;
  return cropQuad(picture, [a, b, c, d], model.resolution);
}

/** Equal pictures have no finite PSNR, and JSON knows no other: then it is null. */
function asJson({ psnr, notes, ...metrics }: PictureMetrics): object {
  const finite = Number.isFinite(psnr) ? psnr : null;
  return { ...metrics, psnr: finite, ...(notes.length === 0 ? {} : { notes }) };
}

function sentence({ mse, psnr, ssim, identity, lpips }: PictureMetrics): string {
  const rows: [string, string | undefined][] = [
    ["MSE", mse.toPrecision(4)],
    ["PSNR", Number.isFinite(psnr) ? `${psnr.toFixed(2)} dB` : "infinite: the pictures are equal"],
    ["SSIM", ssim?.toFixed(4)],
    ["identity distance", identity?.toFixed(3)],
    ["LPIPS", lpips?.toFixed(4)],
  ];
  return rows
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(18)}${value}`]))
    .join("\n");
}
