import { documentSuffix } from "../../files";

/**
 * The name of a direction's file: anything unusual in the attribute's name is replaced.
 *
 * @param taken names that are in use already, in lower case, for file systems that know no other; the new one is added
 */
export function directionFileName(attribute: string, taken = new Set<string>()): string {
  const stem = attribute.replace(/[^\p{L}\p{N}._+-]+/gu, "-").replace(/^\.+/, "") || "attribute";
  let name = stem;
  for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${stem}-${number}`;
  taken.add(name.toLowerCase());
  return name + documentSuffix("direction");
}
