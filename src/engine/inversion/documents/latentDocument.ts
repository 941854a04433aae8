import type { LatentDocument, ModelReference, PhotoSource, RunBlock } from "../../files";
import { spaceOfCodes } from "../../latents";
import type { InversionResult } from "../fast/inverter";

/** How this kind of inversion is called in documents. */
export const FAST_METHOD = "fast";

/** Everything that a latent document of an inverted face says. */
export interface LatentParts {
  readonly model: ModelReference & { readonly layers: number; readonly wDimension: number };
  readonly source: PhotoSource;
  readonly result: InversionResult;
  /** Distance of the recognition embeddings of photo and reconstruction. */
  readonly identity?: number;
  readonly run: RunBlock;
}

/** The document of an inverted face, without edits. */
export function latentDocument({ model, source, result, identity, run }: LatentParts): LatentDocument {
  const { w, settings, iterations, losses, metrics } = result;
  const { layers, wDimension } = model;
  return {
    kind: "latent",
    version: 1,
    model: { name: model.name, sha256: model.sha256 },
    space: spaceOfCodes(model),
    shape: [layers, wDimension],
    norm: metrics.norm,
    source,
    inversion: {
      method: FAST_METHOD,
      iterations,
      losses: {
        start: result.course[0] ?? losses.total,
        total: losses.total,
        pixel: losses.pixel,
        ...(losses.identity === undefined ? {} : { identity: losses.identity }),
      },
      beta: settings.beta,
      p: 2,
      seed: settings.seed,
    },
    metrics: {
      // Equal pictures have no finite PSNR; a document holds finite numbers only.
      psnr: Math.min(metrics.psnr, 99),
      ...(Number.isFinite(metrics.ssim) ? { ssim: metrics.ssim } : {}),
      ...(identity === undefined ? {} : { identity }),
    },
    edits: [],
    w: Array.from({ length: layers }, (_, row) =>
      Array.from(w.subarray(row * wDimension, (row + 1) * wDimension)),
    ),
    run,
  };
}
