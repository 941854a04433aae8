import {
  photosIn,
  reportFolder,
  writeInversionReport as writeReport,
  type ReportedFace,
} from "../../../engine/inversion";
import type { InversionReportFiles, InversionReportParameters } from "../../../protocol/engine";
import type { Call } from "../serve";
import type { Workbench } from "../workbench";

/** `listPhotos` */
export async function listPhotos(
  _workbench: Workbench,
  { paths }: { readonly paths: readonly string[] },
): Promise<readonly string[]> {
  return photosIn(paths);
}

/** `writeInversionReport`: made from the latents as they are now. */
export async function writeInversionReport(
  workbench: Workbench,
  { named, output, model: folder, photos, failed }: InversionReportParameters,
  { signal }: Pick<Call<never>, "signal">,
): Promise<InversionReportFiles> {
  const model = await workbench.model(await workbench.pack(folder));
  const faces = photos.flatMap(({ path: photo, latents }) =>
    latents.map((latent): ReportedFace => ({ photo, latent })),
  );
  const all = [...photos, ...failed].map(({ path }) => path);
  return writeReport(
    reportFolder(named, all, output),
    faces,
    failed.map(({ path, message }) => ({ piece: path, message })),
    model,
    signal,
  );
}
