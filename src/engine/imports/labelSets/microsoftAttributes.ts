import type { AttributeRecord } from "../../files";

/** A column of the Microsoft Face API's answers as RFM laid them out. */
interface MicrosoftColumn {
  readonly name: string;
  readonly unit: "confidence" | "degrees" | "years";
  /**
   * From where on a face is positive; "median": of the faces that have any of it, for what is no share of 1. Default 0.5.
   */
  readonly threshold?: number | "median";
  readonly description?: string;
}

/** "Positive when > 0": below any confidence that the Face API writes, which has three digits at most. */
const ANY = 1e-6;

const share = (name: string, threshold?: number, description?: string): MicrosoftColumn => ({
  name,
  unit: "confidence",
  ...(threshold === undefined ? {} : { threshold }),
  ...(description === undefined ? {} : { description }),
});
const degrees = (name: string, description: string): MicrosoftColumn => ({
  name,
  unit: "degrees",
  threshold: "median",
  description,
});

/** RFM's forty columns and its thresholds: 0.5, but for a few. */
export const MICROSOFT_COLUMNS: readonly MicrosoftColumn[] = [
  share("smile"),
  degrees("roll-plus", "roll of the head where it is positive"),
  degrees("roll-minus", "roll of the head where it is negative, without its sign"),
  degrees("yaw-plus", "yaw of the head where it is positive"),
  degrees("yaw-minus", "yaw of the head where it is negative, without its sign"),
  share("male"),
  share("female"),
  { name: "age", unit: "years", threshold: "median" },
  share("moustache"),
  share("beard"),
  share("sideburns"),
  share("no-glasses"),
  share("reading-glasses"),
  share("sunglasses"),
  share("anger"),
  share("contempt"),
  share("disgust"),
  share("fear"),
  share("happiness"),
  share("neutral"),
  share("sadness"),
  share("surprise"),
  share("overexposure", ANY, "exposure where it is too high, else 0"),
  share("eye-makeup", ANY),
  share("lip-makeup", ANY),
  share("headwear"),
  share("glasses", undefined, "as an accessory"),
  share("forehead-occluded"),
  share("eye-occluded"),
  share("mouth-occluded"),
  share("bald"),
  share("hair-invisible"),
  share("hair-brown"),
  share("hair-gray"),
  // "Positive when > 0.7".
  share("hair-blond", 0.7 + ANY),
  share("hair-black", 0.8),
  share("hair-red", ANY),
  share("hair-other"),
  share("swimming-goggles"),
  share("mask"),
];

/** Columns whose numbers are no shares of 1. */
const UNBOUNDED = new Set(
  MICROSOFT_COLUMNS.flatMap(({ unit }, column) => (unit === "confidence" ? [] : [column])),
);

/** Whether scores [n,40] are these: all but angles and years are shares of 1, and a face is male or female. */
export function areMicrosoftScores(scores: Float32Array): boolean {
  const columns = MICROSOFT_COLUMNS.length;
  return scores.every((value, at) => UNBOUNDED.has(at % columns) || (value >= 0 && value <= 1));
}

/** The columns as a label set's attributes, the thresholds of angles and years found in the scores [n,40]. */
export function microsoftAttributes(scores: Float32Array): AttributeRecord[] {
  const columns = MICROSOFT_COLUMNS.length;
  return MICROSOFT_COLUMNS.map(({ name, unit, threshold = 0.5, description }, column) => {
    const parts = [
      ...(description === undefined ? [] : [description]),
      ...(threshold === "median" ? ["the threshold is the median of the faces that have any"] : []),
    ];
    return {
      name,
      group: "Microsoft",
      unit,
      threshold: threshold === "median" ? medianOfPositive(scores, column, columns) : threshold,
      ...(parts.length === 0 ? {} : { description: parts.join("; ") }),
    };
  });
}

/** 0.5 where no face has any: then no face is positive. */
function medianOfPositive(scores: Float32Array, column: number, columns: number): number {
  const values = scores.filter((value, at) => at % columns === column && value > 0).sort();
  return values[values.length >> 1] ?? 0.5;
}

/**
 * Angles to the negative side that were published with their sign lose it, in place: a column's score grows with what it is
 * named after.
 *
 * @returns the names of the columns that were turned.
 */
export function turnNegativeAngles(scores: Float32Array): string[] {
  const columns = MICROSOFT_COLUMNS.length;
  return MICROSOFT_COLUMNS.flatMap(({ name }, column) => {
    if (!name.endsWith("-minus")) return [];
    let [least, most] = [0, 0];
    for (let at = column; at < scores.length; at += columns) {
      least = Math.min(least, scores[at] ?? 0);
      most = Math.max(most, scores[at] ?? 0);
    }
    if (least >= 0 || most > 0) return [];
    for (let at = column; at < scores.length; at += columns) scores[at] = Math.abs(scores[at] ?? 0);
    return [name];
  });
}
