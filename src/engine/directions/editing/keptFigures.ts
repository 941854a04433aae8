import type { DirectionDocument } from "../../files";

/**
 * A direction without what was true of its vector alone; where the vector is replaced, the figures of the boundary that it
 * comes from remain.
 */
export function keptFigures(document: DirectionDocument): DirectionDocument {
  const {
    coefficientNorm: _norm,
    intercept: _intercept,
    effect: _effect,
    layerEffects: _layers,
    conditioning: _conditioning,
    ...kept
  } = document;
  return kept;
}
