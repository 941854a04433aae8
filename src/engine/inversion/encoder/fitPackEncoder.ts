import type { FaceNets } from "../../faces";
import { addEncoder, type Model } from "../../models";
import { CheckpointFile, LenientCheckpoint } from "../checkpoint";
import { fitEncoder, type FitEncoderOptions, type FittedEncoder } from "./fitEncoder";

/** What {@link fitPackEncoder} is told besides the model: see {@link FitEncoderOptions}, but for what it sees to itself. */
export type FitPackEncoderOptions = Omit<FitEncoderOptions, "checkpoint" | "samples" | "seed"> & {
  readonly samples?: number | undefined;
  readonly seed?: number | undefined;
};

/** Faces that an encoder learns from if nothing is said. */
const SAMPLES = 6_000;
/** First of their seeds: where nobody's label sets are. */
const FIRST_SEED = 2_000_000;

/**
 * Fits an encoder to the generator of a pack and adds it there. Fitting that was stopped or killed goes on from a hidden file
 * in the pack, to the same encoder; where none can be written it begins again.
 *
 * @throws what {@link fitEncoder} and addEncoder throw.
 */
export async function fitPackEncoder(
  model: Model,
  faceNets: FaceNets,
  { samples = SAMPLES, seed = FIRST_SEED, signal, onProgress }: FitPackEncoderOptions = {},
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
