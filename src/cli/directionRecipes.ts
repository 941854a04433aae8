/** Faces that corrections are practised and leaks measured on, and how softly the scores of no main attribute are held. */
interface RecipeEffort {
  readonly practice: number;
  readonly measure: number;
  readonly softness: number;
}

/** What most directions get. */
export const LIGHT: RecipeEffort = { practice: 96, measure: 80, softness: 0.8 };

/** How one shipped direction is made from the label set. */
export interface DirectionRecipe {
  readonly attribute: string;
  /** Scores above this quantile are positive; default: the attribute's own threshold, else the median. */
  readonly quantile?: number;
  /** Attributes that may change along with it; all others are conditioned on. */
  readonly kin: readonly string[];
  /** How much is spent on conditioning it, where it is not {@link LIGHT}. */
  readonly effort?: RecipeEffort;
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
  {
    attribute: "smile",
    kin: [...EXPRESSIONS, ...MOUTH],
    effort: { practice: 512, measure: 200, softness: 0.8 },
  },
  // The scorer's years crowd around the median: the oldest three tenths are told from the rest with fewer doubtful cases.
  { attribute: "age", quantile: 0.7, kin: FAINT, effort: { practice: 256, measure: 200, softness: 0.8 } },
  {
    attribute: "gender",
    kin: [...FAINT, "brow-height", "jaw-width"],
    effort: { practice: 512, measure: 200, softness: 0.8 },
  },
  { attribute: "neutral", kin: [...EXPRESSIONS, ...MOUTH] },
  { attribute: "surprised", quantile: 0.8, kin: [...EXPRESSIONS, ...MOUTH, "eyes-open", "brow-height"] },
  { attribute: "mouth-open", kin: [...FAINT, "surprised", "lips"] },
  { attribute: "eyes-open", kin: FAINT },
  { attribute: "brow-height", kin: FAINT },
  { attribute: "yaw", kin: FAINT },
  { attribute: "pitch", kin: [...FAINT, "brow-height", "nose-length"] },
  { attribute: "nose-length", kin: FAINT },
  { attribute: "nose-width", kin: FAINT },
  { attribute: "lips", kin: FAINT },
  { attribute: "jaw-width", kin: FAINT },
  { attribute: "brightness", kin: [...FAINT, "skin-brightness", "hair-brightness"] },
  { attribute: "hair-brightness", kin: [...FAINT, "brightness"] },
  { attribute: "skin-warmth", kin: FAINT },
  { attribute: "light-side", kin: FAINT },
];
