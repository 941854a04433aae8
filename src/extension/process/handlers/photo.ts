import { decodePicture } from "../../../engine/faces";
import { makeFolder, type LatentDocument } from "../../../engine/files";
import {
  invertPhoto,
  type InversionOptions,
  type LossCourse,
  type PhotoHooks,
  type PhotoProgress,
} from "../../../engine/inversion";
import type {
  FoundFace,
  InvertedFace,
  InvertParameters,
  InvertProgress,
  InvertResult,
} from "../../../protocol/engine";
import { LiveCourse } from "../inversion/liveCourse";
import { toPixels } from "../pixels";
import type { Call } from "../serve";
import { toResponseError } from "../wire";
import type { Workbench } from "../workbench";

/** `detect`: the faces of a photo. */
export async function detect(
  workbench: Workbench,
  { path }: { readonly path: string },
  { signal }: Pick<Call<never>, "signal">,
): Promise<{ readonly faces: readonly FoundFace[] }> {
  const picture = await decodePicture(path, { signal });
  const found = await (await workbench.faces()).detect(picture, {}, signal);
  return { faces: found.map(({ box, score, landmarks }) => ({ box, score, landmarks })) };
}

/** `invert`: one document per face of a photo. */
export async function invert(
  workbench: Workbench,
  parameters: InvertParameters,
  { signal, report }: Call<InvertProgress>,
): Promise<InvertResult> {
  const { path, output, model: folder, overwrite = false, skipDone = false } = parameters;
  const model = await workbench.model(await workbench.pack(folder));
  const perceptual = await workbench.perceptual(parameters.perceptual ?? []);
  if (output !== undefined) await makeFolder(output);
  const course = new LiveCourse();
  const hooks: PhotoHooks = {
    signal,
    onProgress: (progress) => {
      report(toInvertProgress(progress, course.add(progress)));
    },
  };
  const options = {
    ...(output === undefined ? {} : { outputFolder: output }),
    overwrite,
    ...(skipDone && { skipDone: () => true }),
    // What both methods know; what is not said is left to the method.
    inversion: inversionOptions(parameters),
    perceptual,
    run: await workbench.runBlock(),
  };
  const { faces, known, cancelled, failure } =
    parameters.method === "rfm"
      ? await invertPhoto(path, await workbench.rfmInverter(model, perceptual), options, hooks)
      : await invertPhoto(path, await workbench.inverter(model, perceptual), options, hooks);
  const latents = [
    ...faces.map(({ path, document, seconds }) => toInvertedFace(path, document, seconds)),
    ...known.map(({ path, document }) => ({ ...toInvertedFace(path, document), known: true as const })),
  ];
  if (failure === undefined) return { latents, cancelled };
  console.error(failure);
  return { latents, cancelled, failure: toResponseError(failure).message };
}

function inversionOptions({
  iterations,
  beta,
  seed,
}: InvertParameters): Pick<InversionOptions, "iterations" | "beta" | "seed"> {
  return {
    ...(iterations === undefined ? {} : { iterations }),
    ...(beta === undefined ? {} : { beta }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function toInvertProgress(
  { crop, preview, losses: _, ...progress }: PhotoProgress,
  course: LossCourse | undefined,
): InvertProgress {
  return {
    ...progress,
    ...(course && { course }),
    ...(crop && { crop: toPixels(crop) }),
    ...(preview && { preview: toPixels(preview) }),
  };
}

function toInvertedFace(
  path: string,
  { source, metrics = {}, inversion, run }: LatentDocument,
  seconds = run.seconds ?? 0,
): InvertedFace {
  return { path, face: source?.face ?? 0, metrics, seconds, notes: inversion?.notes ?? [] };
}
