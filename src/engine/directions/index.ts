export { applyEdits } from "./editing/applyEdits";
export { combineEdits, type CombineOptions } from "./editing/combineEdits";
export { readRecipe, writeRecipe, type RecipeOptions } from "./editing/recipe";
export {
  checkDirectionMatches,
  directionMatches,
  editAlong,
  readDirection,
  type Direction,
  type EditChoices,
} from "./direction";
export { fitDirections } from "./workflow/fitDirections";
export { measureDirections, type MeasureTools } from "./workflow/measureDirections";
export type {
  FitChoices,
  FitFailure,
  FitPenalty,
  FitProgress,
  FittedDirections,
  FitTools,
  MeasureChoices,
  ThresholdChoice,
} from "./workflow/fitChoices";
export { directionFileName } from "./workflow/directionFileName";
export { nearestNames } from "./workflow/nearestNames";
export { thresholdOf } from "./quality/examples";
export { carryingLayers } from "./quality/carryingLayers";
export {
  deviationsOf,
  measureEffects,
  type MeasuredEffects,
  type MeasureOptions,
} from "./quality/measureEffects";
export {
  entanglementOf,
  reportOf,
  type DirectionsReport,
  type Entanglement,
  type ReportedDirection,
} from "./quality/report";
export { fitBoundaries, type BoundaryOptions } from "./fitting/fitBoundaries";
export { fitPath } from "./fitting/fitPath";
export type { BoundaryFit, BoundaryPenalty, Target } from "./fitting/target";
export { distinctRows, heldOutSplit, type HeldOutSplit } from "./quality/heldOut";
export { seededUniform, shuffledIndices } from "./quality/random";
export { areaUnderCurve, separation, sigmaAlong, type Separation } from "./quality/statistics";
export { conditionIn, projectOff, type Conditioned, type Metric } from "./conditioning/condition";
export {
  Conditioner,
  type ConditionerOptions,
  type ConditioningMethod,
  type ConditioningProgress,
} from "./conditioning/conditionDirection";
export { CodeSample } from "./conditioning/codeSample";
export { ScoreGradients } from "./conditioning/scoreGradients";
export { combineDirections, type Weighted } from "./editing/combineDirections";
export { orthogonaliseDirections } from "./editing/orthogonaliseDirections";
export { orthogonaliseAlike, orthogonaliseInOrder } from "./editing/orthogonalise";
export { editEffect } from "./quality/editEffect";
export type { Component, Discovery, DiscoveryMethod } from "./discovery/components";
export { componentDocument, componentPrefix } from "./discovery/componentDocument";
export { describeChange, Describer, openDescriber, type DescribeOptions } from "./discovery/describe";
export {
  DEFAULT_SAMPLES,
  discover,
  type DiscoverChoices,
  type DiscoveryProgress,
  type DiscoveryTools,
} from "./discovery/discover";
export { directionStrips, type StripOptions } from "./discovery/strips";
export { symmetricEigen, type EigenSystem } from "./discovery/symmetricEigen";
export { directionMisfit, type FittingModel } from "./misfit";
