export { applyEdits } from "./editing/applyEdits";
export { combineEdits, type CombineOptions } from "./editing/combineEdits";
export {
  checkDirectionMatches,
  directionMatches,
  editAlong,
  readDirection,
  type Direction,
  type EditChoices,
} from "./direction";
export { fitDirection, type DirectionFit, type FitOptions } from "./fitDirection";
export { fitDirections } from "./workflow/fitDirections";
export type {
  FitChoices,
  FitFailure,
  FitPenalty,
  FitProgress,
  FittedDirections,
  FitTools,
  ThresholdChoice,
} from "./workflow/fitChoices";
export { nearestNames } from "./workflow/nearestNames";
export { thresholdOf } from "./quality/examples";
export { fitBoundaries, type BoundaryOptions } from "./fitting/fitBoundaries";
export type { BoundaryFit, BoundaryPenalty, Target } from "./fitting/target";
export { fitLogistic, type LogisticFit, type LogisticOptions } from "./fitting/fitLogistic";
export { centredGram, type Gram } from "./fitting/gram";
export type { LogisticProblem } from "./fitting/logisticProblem";
export type { PenaltyName } from "./fitting/penalty";
export { seededUniform, shuffledIndices } from "./quality/random";
export { openRuntimeGram } from "./fitting/runtimeGram";
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
