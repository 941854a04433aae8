import { throwIfCancelled, type DirectionDocument } from "../../files";
import type { LabelledCodes, Scorer } from "../../labels";
import type { Model } from "../../models";
import { ScoredFaces } from "../conditioning/scoredFaces";
import { carryingLayers } from "../quality/carryingLayers";
import {
  deviationsOf,
  facesToMeasure,
  measureEffect,
  measureLayers,
  USUAL_LAYER_FACES,
} from "../quality/measureEffects";
import type { FitTools, MeasureChoices } from "./fitChoices";

/** Faces, enough for a mean effect. */
export const USUAL_FACES = 48;
/** Far from the seeds of label sets. */
const FIRST_SEED = 1_000_000;

/** What faces are drawn and scored with. */
export interface MeasureTools extends Pick<FitTools, "signal" | "onProgress" | "onDocument"> {
  readonly model: Model;
  readonly scorer: Scorer;
}

/**
 * Completes directions with what edits along them do to fresh faces, the same for all. Where the layers shall be recommended
 * by measuring they are ranked first, and the effect is that of an edit on those.
 *
 * @param columns of the label set: changes are told in the deviations of its scores
 * @param layers whether directions keep the layers that they recommend, or recommend the `measured` ones
 */
export async function measureDirections(
  documents: readonly DirectionDocument[],
  { columns }: Pick<LabelledCodes, "columns">,
  layers: "kept" | "measured",
  choices: MeasureChoices,
  { model, scorer, signal, onProgress, onDocument }: MeasureTools,
): Promise<readonly DirectionDocument[]> {
  const { faces: count = USUAL_FACES, layerFaces = USUAL_LAYER_FACES, amount, seed = FIRST_SEED } = choices;
  const total = count + documents.length * facesToMeasure(model, count, layerFaces);
  let done = 0;
  const options = {
    signal,
    layerFaces,
    ...(amount === undefined ? {} : { amount }),
    onFaces: (faces: number) => {
      done += faces;
      onProgress?.({ phase: "measure", done, total });
    },
  };
  const seeds = Array.from({ length: count }, (_, i) => seed + i);
  const faces = await ScoredFaces.draw(model, scorer, seeds, deviationsOf(columns, scorer), options);
  const measured: DirectionDocument[] = [];
  for (const document of documents) {
    throwIfCancelled(signal);
    const layerEffects = await measureLayers(faces, document, options);
    const carrying = layers === "measured" ? carryingLayers(layerEffects) : undefined;
    const ranked: DirectionDocument = {
      ...document,
      ...(carrying === undefined ? {} : { layers: carrying }),
      ...(layerEffects.length === 0 ? {} : { layerEffects }),
    };
    const effect = await measureEffect(faces, ranked, options);
    const complete = effect === undefined ? ranked : { ...ranked, effect };
    measured.push(complete);
    await onDocument?.(complete);
  }
  return measured;
}
