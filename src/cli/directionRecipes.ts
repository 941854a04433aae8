/** How one shipped direction is made from the label set. */
export interface DirectionRecipe {
  readonly attribute: string;
  /** Scores above this quantile are positive; default: the attribute's own threshold, else the median. */
  readonly quantile?: number;
  /** Attributes that may change along with it; all others are conditioned on. */
  readonly kin: readonly string[];
}

/** Expressions come from one softmax: where one rises the others fall. */
const EXPRESSIONS = ["smile", "neutral", "sad", "angry", "fearful", "disgusted", "surprised"];
/** A smile widens mouth, nose and cheeks. */
const MOUTH = ["mouth-open", "mouth-width", "mouth-corners", "lips", "nose-width", "jaw-width"];
/** Scores that are low on every face of the embedded model and say little. */
const FAINT = ["neutral", "fearful", "disgusted"];

/**
 * The directions of the embedded model. Sad and angry are not among them: hardly any face it knows is either, and what was
 * fitted looked like the loss of a smile and nothing else.
 */
export const DIRECTION_RECIPES: readonly DirectionRecipe[] = [
  { attribute: "smile", kin: [...EXPRESSIONS, ...MOUTH] },
  // The scorer's years crowd around the median: the oldest three tenths are told from the rest with fewer doubtful cases.
  { attribute: "age", quantile: 0.7, kin: FAINT },
  { attribute: "gender", kin: [...FAINT, "brow-height", "jaw-width"] },
  { attribute: "neutral", kin: [...EXPRESSIONS, ...MOUTH] },
  { attribute: "surprised", quantile: 0.8, kin: [...EXPRESSIONS, ...MOUTH, "eyes-open", "brow-height"] },
  { attribute: "mouth-open", kin: [...FAINT, "surprised", "lips"] },
  { attribute: "eyes-open", kin: FAINT },
  { attribute: "brow-height", kin: FAINT },
  { attribute: "yaw", kin: FAINT },
  { attribute: "pitch", kin: [...FAINT, "brow-height", "nose-length"] },
  { attribute: "jaw-width", kin: FAINT },
  { attribute: "nose-length", kin: FAINT },
  { attribute: "nose-width", kin: FAINT },
  { attribute: "lips", kin: FAINT },
  { attribute: "brightness", kin: [...FAINT, "skin-brightness", "hair-brightness"] },
  { attribute: "hair-brightness", kin: [...FAINT, "brightness"] },
  { attribute: "skin-warmth", kin: FAINT },
  { attribute: "light-side", kin: FAINT },
];
