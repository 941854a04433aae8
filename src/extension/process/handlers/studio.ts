import type {
  OpenedLatent,
  OpenLatentParameters,
  RenderParameters,
  RenderResult,
  TuneParameters,
  TuneProgress,
  TuneResult,
} from "../../../protocol/engine";
import { findModel } from "../findModel";
import { LatentSession } from "../latentSession";
import { Tuner, tuneLatent as tune } from "../../../engine/inversion";
import { fromTensor } from "../../../engine/faces";
import type { Call } from "../serve";
import { parseDocument, readDocument } from "../../../engine/files";
import { findPhoto } from "../findPhoto";
import { toPixels } from "../pixels";
import type { Workbench } from "../workbench";

/** `openLatent`: a session with the pictures that stay the same while it is edited. */
export async function openLatent(
  workbench: Workbench,
  { path, text, models }: OpenLatentParameters,
): Promise<OpenedLatent> {
  const document =
    text === undefined ? await readDocument(path, "latent") : parseDocument(text, "latent", path);
  const model = await findModel(workbench, document.model, path, models);
  const session = new LatentSession(document, path, model);
  const reconstruction = toPixels(await session.draw({ edits: [] }));
  const { photo, warning } = await findPhoto(document, path, model);
  const warnings = [warning, await session.tunedProblem()].filter((sentence) => sentence !== undefined);
  const { norm, source, inversion, metrics, run, edits, tuned } = document;
  return {
    session: workbench.addSession(session),
    model: model.pack.folder,
    layers: model.layers,
    edits,
    reconstruction,
    ...(photo && { photo: toPixels(photo) }),
    ...(tuned && { tuned }),
    ...(warnings.length === 0 ? {} : { warning: warnings.join(" ") }),
    details: {
      model: document.model,
      norm,
      run,
      ...(source && { source }),
      ...(inversion && { inversion }),
      ...(metrics && { metrics }),
    },
  };
}

/** `render`: the newest request of a session wins. */
export async function render(
  workbench: Workbench,
  { session, ...look }: RenderParameters,
): Promise<RenderResult> {
  const began = performance.now();
  const picture = await workbench.session(session).drawNewest(look);
  if (picture === undefined) return { superseded: true };
  return { superseded: false, pixels: toPixels(picture), milliseconds: performance.now() - began };
}

/** `saveLatent` */
export async function saveLatent(
  workbench: Workbench,
  { session, path, ...look }: RenderParameters & { readonly path: string },
): Promise<null> {
  await workbench.session(session).save(look, path);
  return null;
}

/** `savePicture` */
export async function savePicture(
  workbench: Workbench,
  { session, path, size, ...look }: RenderParameters & { readonly path: string; readonly size?: number },
): Promise<null> {
  await workbench.session(session).savePicture(look, path, size);
  return null;
}

/** `tuneLatent`: writes the weights beside the latent, whose document stays as it is. */
export async function tuneLatent(
  workbench: Workbench,
  { session, steps }: TuneParameters,
  { signal, report }: Call<TuneProgress>,
): Promise<TuneResult> {
  const { document, path, model } = workbench.session(session);
  // Its sessions hold every weight several times: too much to keep for another face some day.
  const tuner = new Tuner(model, await workbench.faces());
  try {
    const { tuned, result } = await tune({ document, path }, tuner, steps === undefined ? {} : { steps }, {
      signal,
      onProgress: ({ iteration, iterations, loss, preview }) => {
        report({
          iteration,
          iterations,
          ...(Number.isFinite(loss) ? { loss } : {}),
          ...(preview && { preview: toPixels(fromTensor(preview, model.resolution)) }),
        });
      },
    });
    return { tuned, notes: result.notes, cancelled: result.cancelled };
  } finally {
    await tuner.dispose();
  }
}

/** `closeLatent` */
export function closeLatent(workbench: Workbench, { session }: { readonly session: number }): Promise<null> {
  workbench.removeSession(session);
  return Promise.resolve(null);
}
