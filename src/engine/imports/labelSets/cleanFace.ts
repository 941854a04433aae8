import { PickleDict, PickleRecord, PickleTuple, type PickleValue } from "../../checkpoints";
import { MICROSOFT_COLUMNS } from "./microsoftAttributes";

/**
 * How answers of the Microsoft Face API become columns. `rfm`: as RFM's script does it, which leaves the columns of occlusion
 * at 0 (it compares where it should assign) and takes the first accessory and the first colour of hair only. `corrected`:
 * occlusion, every accessory and every colour.
 */
export type Cleaning = "rfm" | "corrected";

const INDEX = new Map(MICROSOFT_COLUMNS.map(({ name }, index) => [name, index]));

const EMOTIONS = ["anger", "contempt", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"];
const GLASSES: Readonly<Record<string, string>> = {
  noglasses: "no-glasses",
  readingglasses: "reading-glasses",
  sunglasses: "sunglasses",
  swimminggoggles: "swimming-goggles",
};
const OCCLUSIONS: readonly (readonly [key: string, column: string])[] = [
  ["foreheadOccluded", "forehead-occluded"],
  ["eyeOccluded", "eye-occluded"],
  ["mouthOccluded", "mouth-occluded"],
];

/**
 * The forty columns of one face; undefined where the answer names no face: an empty list or dict, or one without attributes.
 *
 * @param answer a dict of the Face API, or a list of them, of which the first counts.
 */
export function cleanFace(answer: PickleValue, cleaning: Cleaning): Float32Array | undefined {
  const face = attributesOf(answer);
  if (face === undefined) return undefined;
  const row = new Float32Array(MICROSOFT_COLUMNS.length);
  const set = (column: string, value: number): void => {
    const index = INDEX.get(column);
    if (index !== undefined) row[index] = value;
  };
  const part = (key: string): PickleDict => dictOf(face.get(key)) ?? new PickleDict();

  set("smile", numberOf(face.get("smile")));
  const pose = part("headPose");
  for (const angle of ["roll", "yaw"]) {
    const value = numberOf(pose.get(angle));
    set(`${angle}-${value < 0 ? "minus" : "plus"}`, Math.abs(value));
  }
  const gender = textOf(face.get("gender"));
  if (gender === "male" || gender === "female") set(gender, 1);
  set("age", numberOf(face.get("age")));
  for (const hair of ["moustache", "beard", "sideburns"]) set(hair, numberOf(part("facialHair").get(hair)));
  set(GLASSES[textOf(face.get("glasses"))] ?? "", 1);
  for (const emotion of EMOTIONS) set(emotion, numberOf(part("emotion").get(emotion)));
  const exposure = part("exposure");
  if (textOf(exposure.get("exposureLevel")) === "overexposure")
    set("overexposure", numberOf(exposure.get("value")));
  set("eye-makeup", numberOf(part("makeup").get("eyeMakeup")));
  set("lip-makeup", numberOf(part("makeup").get("lipMakeup")));

  const all = cleaning === "corrected";
  const first = all ? Infinity : 1;
  for (const accessory of itemsOf(face.get("accessories")).slice(0, first))
    set(textOf(accessory.get("type")), numberOf(accessory.get("confidence")));
  if (all) {
    for (const [key, column] of OCCLUSIONS) set(column, numberOf(part("occlusion").get(key)));
  }
  const hair = part("hair");
  set("bald", numberOf(hair.get("bald")));
  set("hair-invisible", numberOf(hair.get("invisible")));
  for (const colour of itemsOf(hair.get("hairColor")).slice(0, first))
    set(`hair-${textOf(colour.get("color"))}`, numberOf(colour.get("confidence")));
  return row;
}

/** Whether a value is an answer of the Face API, also one that found no face. */
export function isFaceAnswer(value: PickleValue): boolean {
  if (attributesOf(value) !== undefined) return true;
  if (value === null) return true;
  if (value instanceof PickleDict) return value.entries.size === 0;
  return Array.isArray(value) && value.length === 0;
}

function attributesOf(answer: PickleValue): PickleDict | undefined {
  const [face] = answer instanceof PickleDict ? [answer] : itemsOf(answer);
  return dictOf(face?.get("faceAttributes"));
}

/** The dicts of a list or tuple. */
function itemsOf(value: PickleValue | undefined): PickleDict[] {
  const items = value instanceof PickleTuple ? value.items : Array.isArray(value) ? value : [];
  return items.flatMap((item) => dictOf(item) ?? []);
}

function dictOf(value: PickleValue | undefined): PickleDict | undefined {
  if (value instanceof PickleDict) return value;
  // An object that is set like a dict: `collections.defaultdict`.
  return value instanceof PickleRecord && value.entries.entries.size > 0 ? value.entries : undefined;
}

/** In small letters. */
function textOf(value: PickleValue | undefined): string {
  return typeof value === "string" ? value.toLowerCase() : "";
}

/** What is missing or no number is 0, as is what is false. */
function numberOf(value: PickleValue | undefined): number {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
