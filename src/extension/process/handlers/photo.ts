import { decodePicture } from "../../../engine/faces";
import { makeFolder } from "../../../engine/files";
import { invertPhoto, type InversionOptions, type PhotoProgress } from "../../../engine/inversion";
import type { FoundFace, InvertParameters, InvertProgress, InvertResult } from "../../../protocol/engine";
import { toPixels } from "../pixels";
import type { Call } from "../serve";
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
  const { path, output, model: folder, overwrite = false } = parameters;
  const model = await workbench.model(await workbench.pack(folder));
  const inverter = await workbench.inverter(model);
  if (output !== undefined) await makeFolder(output);
  const { faces, cancelled } = await invertPhoto(
    path,
    inverter,
    {
      ...(output === undefined ? {} : { outputFolder: output }),
      overwrite,
      inversion: inversionOptions(parameters),
      run: await workbench.runBlock(),
    },
    {
      signal,
      onProgress: (progress) => {
        report(toInvertProgress(progress));
      },
    },
  );
  const latents = faces.map(({ path: written, face, document, seconds }) => ({
    path: written,
    face,
    metrics: document.metrics ?? {},
    seconds,
  }));
  return { latents, cancelled };
}

function inversionOptions({ iterations, beta, seed }: InvertParameters): InversionOptions {
  return {
    ...(iterations === undefined ? {} : { iterations }),
    ...(beta === undefined ? {} : { beta }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function toInvertProgress({ crop, preview, ...progress }: PhotoProgress): InvertProgress {
  return {
    ...progress,
    ...(crop && { crop: toPixels(crop) }),
    ...(preview && { preview: toPixels(preview) }),
  };
}
