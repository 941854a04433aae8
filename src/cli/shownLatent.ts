import { readDocument, RfmError, type Edit, type LatentDocument } from "../engine/files";
import type { Model, WeightDeltas } from "../engine/models";

/** A latent as it is shown: with its edits, by the generator that is tuned to it. */
export interface ShownLatent {
  readonly document: LatentDocument;
  /** w+ [L,D], edited. */
  readonly code: Float32Array;
  readonly edits: readonly Edit[];
  /** What is added to the generator's weights, and how much of it; missing where nothing is. */
  readonly tuning?: { readonly deltas: WeightDeltas; readonly amount: number };
}

/** What is shown instead of what the latent says. */
export interface ShownChoices {
  /** The edits, given those that are saved in the latent. */
  readonly edits?: (saved: readonly Edit[]) => readonly Edit[];
  /** The likeness, 0 to 1. */
  readonly likeness?: number;
}

/**
 * Reads a latent as it is shown.
 *
 * @throws RfmError where it is none, is one of another model, or a likeness is wanted that it has no weights for.
 */
export async function shownLatent(
  path: string,
  model: Model,
  choices: ShownChoices = {},
): Promise<ShownLatent> {
  const { applyEdits } = await import("../engine/directions");
  const { latentCode, readTunedWeights } = await import("../engine/latents");
  const document = await readDocument(path, "latent");
  const edits = choices.edits?.(document.edits) ?? document.edits;
  const w = latentCode(document, path, model);
  const code = applyEdits(w, model.layers, model.wDimension, edits);
  const amount = choices.likeness ?? document.tuned?.amount ?? 0;
  if (amount === 0) return { document, code, edits };
  const deltas = await readTunedWeights(document, path, model);
  if (deltas !== undefined) return { document, code, edits, tuning: { deltas, amount } };
  throw new RfmError(
    "usage",
    `${path} has no tuned weights to take a likeness from; match the face with \`rfm invert --tune 100\` first.`,
  );
}

/** Draws a latent as it is shown, [3,S,S]. */
export async function drawShown({ code, tuning }: ShownLatent, model: Model): Promise<Float32Array> {
  if (tuning === undefined) return model.synthesize(code, 1);
  const { openTunedModel } = await import("../engine/latents");
  const generator = await openTunedModel(model, tuning.deltas, tuning.amount);
  try {
    return await generator.synthesize(code, 1);
  } finally {
    await generator.dispose();
  }
}
