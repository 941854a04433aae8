export { applyEdits } from "./applyEdits";
export { combineEdits, type CombineOptions } from "./combineEdits";
export {
  checkDirectionMatches,
  directionMatches,
  editAlong,
  readDirection,
  type Direction,
  type EditChoices,
} from "./direction";
export { fitDirection, type DirectionFit, type FitOptions } from "./fitDirection";
export { fitLogistic, type LogisticFit, type LogisticOptions } from "./fitLogistic";
export { centredGram, type Gram } from "./gram";
export type { LogisticProblem } from "./logisticProblem";
export type { PenaltyName } from "./penalty";
export { seededUniform, shuffledIndices } from "./random";
export { openRuntimeGram } from "./runtimeGram";
export { areaUnderCurve, separation, sigmaAlong, type Separation } from "./statistics";
export { conditionByCovariance, projectOff, type Conditioned } from "./condition";
export { covarianceOf, scoreSlopes } from "./leastSquares";
