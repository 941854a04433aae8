import type {
  OpenedLatent,
  OpenLatentParameters,
  RenderParameters,
  RenderResult,
} from "../../../protocol/engine";
import { findModel } from "../findModel";
import { LatentSession } from "../latentSession";
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
  const reconstruction = toPixels(await session.draw([]));
  const { photo, warning } = await findPhoto(document, path, model);
  const { norm, source, inversion, metrics, run, edits } = document;
  return {
    session: workbench.addSession(session),
    model: model.pack.folder,
    layers: model.layers,
    edits,
    reconstruction,
    ...(photo && { photo: toPixels(photo) }),
    ...(warning === undefined ? {} : { warning }),
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
  { session, edits }: RenderParameters,
): Promise<RenderResult> {
  const began = performance.now();
  const picture = await workbench.session(session).drawNewest(edits);
  if (picture === undefined) return { superseded: true };
  return { superseded: false, pixels: toPixels(picture), milliseconds: performance.now() - began };
}

/** `saveLatent` */
export async function saveLatent(
  workbench: Workbench,
  { session, edits, path }: RenderParameters & { readonly path: string },
): Promise<null> {
  await workbench.session(session).save(edits, path);
  return null;
}

/** `savePicture` */
export async function savePicture(
  workbench: Workbench,
  { session, edits, path, size }: RenderParameters & { readonly path: string; readonly size?: number },
): Promise<null> {
  await workbench.session(session).savePicture(edits, path, size);
  return null;
}

/** `closeLatent` */
export function closeLatent(workbench: Workbench, { session }: { readonly session: number }): Promise<null> {
  workbench.removeSession(session);
  return Promise.resolve(null);
}
