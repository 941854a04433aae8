import { sha256 } from "../../files";
import type { FaceInverter } from "../method";

/**
 * Names everything besides the photo and its face that a latent depends on: the model and its encoder, which may be fitted
 * later, the method and its settings.
 *
 * @throws RfmError("usage") for settings that cannot be
 */
export function workOf<Options>(inverter: FaceInverter<Options>, options: Options | undefined): string {
  const { model, method } = inverter;
  const { sha256: identity, manifest } = model.pack;
  const encoder = manifest.files.encoder?.sha256 ?? null;
  const fingerprint = inverter.fingerprint(options);
  return sha256(JSON.stringify([identity, manifest.build.key, encoder, method, fingerprint]));
}
