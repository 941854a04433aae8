import type { FaceNets } from "../../faces";
import { addEncoder, type Model } from "../../models";
import { CheckpointFile, LenientCheckpoint } from "../checkpoint";
import { fitEncoder, USUAL, type FitEncoderOptions, type FittedEncoder } from "./fitEncoder";

/** What {@link fitPackEncoder} is told besides the model: see {@link FitEncoderOptions}, but for what it sees to itself. */
export type FitPackEncoderOptions = Omit<FitEncoderOptions, "checkpoint" | "samples" | "seed"> & {
  readonly samples?: number | undefined;
  readonly seed?: number | undefined;
};

/**
 * Fits an encoder to the generator of a pack and adds it there. Fitting that was stopped or killed goes on from a hidden file
 * in the pack, to the same encoder; where none can be written it begins again.
 *
 * @throws what {@link fitEncoder} and addEncoder throw.
 */
export async function fitPackEncoder(
  model: Model,
  faceNets: FaceNets,
  { samples = USUAL.samples, seed = USUAL.seed, signal, onProgress }: FitPackEncoderOptions = {},
): Promise<FittedEncoder & { readonly seed: number }> {
  const { folder, sha256, manifest } = model.pack;
  const work = {
    encoder: { model: sha256, build: manifest.build.key, nets: faceNets.sha256, samples, seed },
  };
  const checkpoint = new LenientCheckpoint(new CheckpointFile(folder, "encoder", work));
  const fitted = await fitEncoder(model, faceNets, { samples, seed, checkpoint, signal, onProgress });
  const { codeError, pictureError } = fitted;
  await addEncoder(folder, { graph: fitted.graph, fit: { samples, seed, codeError, pictureError } });
  await checkpoint.clear();
  return { ...fitted, seed };
}
