import type { AttributeRecord } from "../../files";

/** The attributes of CelebA in the order of NVIDIA's classifiers, named as their files are. */
export const CELEBA_ATTRIBUTES: readonly string[] = [
  "male",
  "smiling",
  "attractive",
  "wavy-hair",
  "young",
  "5-o-clock-shadow",
  "arched-eyebrows",
  "bags-under-eyes",
  "bald",
  "bangs",
  "big-lips",
  "big-nose",
  "black-hair",
  "blond-hair",
  "blurry",
  "brown-hair",
  "bushy-eyebrows",
  "chubby",
  "double-chin",
  "eyeglasses",
  "goatee",
  "gray-hair",
  "heavy-makeup",
  "high-cheekbones",
  "mouth-slightly-open",
  "mustache",
  "narrow-eyes",
  "no-beard",
  "oval-face",
  "pale-skin",
  "pointy-nose",
  "receding-hairline",
  "rosy-cheeks",
  "sideburns",
  "straight-hair",
  "wearing-earrings",
  "wearing-hat",
  "wearing-lipstick",
  "wearing-necklace",
  "wearing-necktie",
];

/** Which attribute a classifier is for. */
export interface ClassifiedAttribute {
  /** Its place among the forty; undefined for an attribute that is none of them. */
  readonly index: number | undefined;
  readonly name: string;
}

/**
 * The attribute of a classifier by what its file or its network is called, the first of these that says so:
 * "celebahq-classifier-04-young.pkl", "04-young", "young".
 *
 * @param names the file's name first; where none is known, its last part without ending names the attribute.
 */
export function classifiedAttribute(names: readonly string[]): ClassifiedAttribute {
  for (const name of names) {
    const index = indexIn(stemOf(name));
    if (index !== undefined) return { index, name: CELEBA_ATTRIBUTES[index] ?? "" };
  }
  return { index: undefined, name: stemOf(names.find((name) => stemOf(name) !== "") ?? "") || "attribute" };
}

/** The last part of a path without its ending, in small letters, its words joined by hyphens. */
function stemOf(path: string): string {
  const [last = ""] = path.split(/[\\/]/).slice(-1);
  return last
    .toLowerCase()
    .replace(/\.(?:pkl|pickle|pt|pth)$/, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

/** An attribute's name at the end, or the number of one behind "classifier". */
function indexIn(stem: string): number | undefined {
  const named = CELEBA_ATTRIBUTES.map((name, index) => ({ name, index }))
    .filter(({ name }) => stem === name || stem.endsWith(`-${name}`))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (named !== undefined) return named.index;
  const number = /classifier-(\d{2})(?:-|$)/.exec(stem)?.[1];
  return number !== undefined && Number(number) < CELEBA_ATTRIBUTES.length ? Number(number) : undefined;
}

/** What a column of raw logits means: at least zero is positive. */
export function classifierAttributeRecord({ index, name }: ClassifiedAttribute): AttributeRecord {
  const description = "raw logit of NVIDIA's CelebA-HQ classifier; at least 0 says yes";
  return {
    name,
    group: "CelebA",
    unit: "logit",
    threshold: 0,
    // The label sets published with RFM carry this note; the logits themselves are kept as they are.
    description:
      index === 0
        ? `${description}; RFM's published label set notes "-1 male, 1 female" for it: look at a few faces first`
        : description,
  };
}
