import type { DirectionDocument, Edit, EffectRecord, LayerEffect, LayerRange } from "../../files";
import type { Column, Scorer } from "../../labels";
import type { Model } from "../../models";
import { scoreCodes, ScoredFaces, type ScoringHooks } from "../conditioning/scoredFaces";

/** What an edit along a direction was seen to do. */
export interface MeasuredEffects {
  readonly effect: EffectRecord;
  /** By falling strength. */
  readonly layerEffects: readonly LayerEffect[];
}

export interface MeasureOptions extends ScoringHooks {
  /** Of the edit, in sigma; default 2. */
  readonly amount?: number;
  /** How many of the faces each single layer is measured on; default 12, 0 leaves the layers out. */
  readonly layerFaces?: number;
}

/** Sigma: enough to be seen, and faces stay faces. */
export const USUAL_AMOUNT = 2;
export const USUAL_LAYER_FACES = 12;

/**
 * Draws faces of seeds, edits them along a direction on its recommended layers, and on each layer alone, and scores them
 * again.
 *
 * @param deviations of each of the scorer's attributes over the label set; where one is missing, that over these faces
 * @param seeds of faces that took no part in the fit
 * @returns undefined where the scorer does not know the direction's attribute
 */
export async function measureEffects(
  model: Model,
  scorer: Scorer,
  document: DirectionDocument,
  deviations: readonly (number | undefined)[],
  seeds: readonly number[],
  options: MeasureOptions = {},
): Promise<MeasuredEffects | undefined> {
  const faces = await ScoredFaces.draw(model, scorer, seeds, deviations, options);
  const layerEffects = await measureLayers(faces, document, options);
  const effect = await measureEffect(faces, document, options);
  return effect && { effect, layerEffects };
}

/** The mean effect of an edit on its recommended layers; undefined where the scorer does not know the attribute. */
export async function measureEffect(
  faces: ScoredFaces,
  document: DirectionDocument,
  options: MeasureOptions = {},
): Promise<EffectRecord | undefined> {
  const { model, scorer, count } = faces;
  const column = columnOf(scorer, document);
  if (column < 0) return undefined;
  const edit = editOf(document, options.amount ?? USUAL_AMOUNT, document.layers);
  const changes = changesOf(faces, await scoreCodes(model, scorer, faces.edited(edit), options));
  const own = changes.map((change) => change[column] ?? NaN);
  return {
    amount: edit.amount,
    faces: count,
    right: own.filter((change) => change > 0).length / count,
    change: Object.fromEntries(scorer.attributes.map(({ name }, k) => [name, meanOf(changes, k)])),
  };
}

/**
 * The effect of the same edit on each layer alone, strongest first: which layers carry the attribute. All layers' faces are
 * drawn in one go, so that batches are full.
 */
export async function measureLayers(
  all: ScoredFaces,
  document: DirectionDocument,
  options: MeasureOptions = {},
): Promise<LayerEffect[]> {
  const { model, scorer } = all;
  const column = columnOf(scorer, document);
  const count = Math.min(all.count, options.layerFaces ?? USUAL_LAYER_FACES);
  if (column < 0 || count === 0) return [];
  const faces = all.first(count);
  const size = faces.codes.length;
  const codes = new Float32Array(model.layers * size);
  for (let layer = 0; layer < model.layers; layer++) {
    codes.set(
      faces.edited(editOf(document, options.amount ?? USUAL_AMOUNT, [layer, layer + 1])),
      layer * size,
    );
  }
  const scores = await scoreCodes(model, scorer, codes, options);
  const width = faces.scores.length;
  return Array.from({ length: model.layers }, (_, layer) => {
    const changes = changesOf(faces, scores.subarray(layer * width, (layer + 1) * width));
    const means = scorer.attributes.map((_attribute, k) => meanOf(changes, k));
    const others = means.filter((mean, k) => k !== column && Number.isFinite(mean));
    return {
      layer,
      own: means[column] ?? NaN,
      others: Math.sqrt(others.reduce((sum, mean) => sum + mean * mean, 0) / Math.max(1, others.length)),
    };
  }).sort((a, b) => b.own - a.own || a.layer - b.layer);
}

/** How many faces {@link measureLayers} and {@link measureEffect} draw for one direction. */
export function facesToMeasure(model: Pick<Model, "layers">, faces: number, layerFaces: number): number {
  return faces + model.layers * Math.min(faces, layerFaces);
}

/** Standard deviations of a label set's scores, in the order of a scorer's attributes; undefined for those it lacks. */
export function deviationsOf(columns: readonly Column[], scorer: Scorer): (number | undefined)[] {
  return scorer.attributes.map(({ name }) => {
    const scores = columns.find((column) => column.name === name)?.scores;
    return scores && (deviationOf(scores.filter((score) => Number.isFinite(score))) || undefined);
  });
}

function deviationOf(scores: Float32Array): number {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  return Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length);
}

/** Changes of the scores by face and attribute, in deviations; 0 for scores that never vary. */
function changesOf({ scores, deviations }: ScoredFaces, after: Float32Array): number[][] {
  const columns = deviations.length;
  return Array.from({ length: after.length / columns }, (_, face) =>
    deviations.map((unit, k) => {
      const change = (after[face * columns + k] ?? NaN) - (scores[face * columns + k] ?? NaN);
      return unit > 0 ? change / unit : 0;
    }),
  );
}

function meanOf(changes: readonly (readonly number[])[], column: number): number {
  return changes.reduce((sum, change) => sum + (change[column] ?? NaN), 0) / changes.length;
}

function columnOf({ attributes }: Scorer, { attribute }: DirectionDocument): number {
  return attributes.findIndex(({ name }) => name === attribute);
}

function editOf(document: DirectionDocument, amount: number, layers: LayerRange): Edit {
  const { attribute, space, sigma, coefficientNorm, vector } = document;
  const direction = {
    name: attribute,
    path: "",
    sha256: "",
    space,
    ...(sigma === undefined ? {} : { sigma }),
    ...(coefficientNorm === undefined ? {} : { coefficientNorm }),
    vector,
  };
  return { direction, amount, layers, clip: 0, muted: false };
}
