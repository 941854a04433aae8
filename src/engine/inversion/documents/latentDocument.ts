import type { LatentDocument, ModelReference, PhotoSource, RunBlock } from "../../files";
import { spaceOfCodes } from "../../latents";
import type { InversionResult } from "../method";

/** Everything that a latent document of an inverted face says. */
export interface LatentParts {
  readonly model: ModelReference & { readonly layers: number; readonly wDimension: number };
  readonly source: PhotoSource;
  /** How the inversion is called. */
  readonly method: string;
  /** See {@link InversionRecord.work}; undefined where it was stopped. */
  readonly work?: string | undefined;
  readonly result: InversionResult;
  /** Distance of the recognition embeddings of photo and reconstruction. */
  readonly identity?: number;
  /** LPIPS of both, where it is installed. */
  readonly lpips?: number | undefined;
  readonly run: RunBlock;
}

/** The document of an inverted face, without edits. */
export function latentDocument({
  model,
  source,
  method,
  work,
  result,
  identity,
  lpips,
  run,
}: LatentParts): LatentDocument {
  const { w, iterations, losses, course, beta, p, seed, notes, occlusion, metrics } = result;
  const { layers, wDimension } = model;
  const [start = losses["total"]] = course.losses["total"] ?? [];
  return {
    kind: "latent",
    version: 1,
    model: { name: model.name, sha256: model.sha256 },
    space: spaceOfCodes(model),
    shape: [layers, wDimension],
    norm: metrics.norm,
    source,
    inversion: {
      method,
      ...(work === undefined ? {} : { work }),
      iterations,
      losses: { ...(start === undefined ? {} : { start }), ...losses },
      beta,
      p,
      seed,
      course,
      ...(occlusion === undefined ? {} : { occlusion }),
      ...(notes.length === 0 ? {} : { notes }),
    },
    metrics: {
      // Equal pictures have no finite PSNR; a document holds finite numbers only.
      psnr: Math.min(metrics.psnr, 99),
      ...(Number.isFinite(metrics.ssim) ? { ssim: metrics.ssim } : {}),
      ...(lpips === undefined ? {} : { lpips }),
      ...(identity === undefined ? {} : { identity }),
    },
    edits: [],
    w: Array.from({ length: layers }, (_, row) =>
      Array.from(w.subarray(row * wDimension, (row + 1) * wDimension)),
    ),
    run,
  };
}
