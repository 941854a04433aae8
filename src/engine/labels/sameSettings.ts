import type { LabelsDocument } from "../files";

type Settings = Pick<LabelsDocument, "model" | "scorer" | "attributes" | "space" | "psi" | "cutoff">;

/**
 * What keeps two label sets from being one, as "the model A (1234abcd), not B (5678ef01)"; undefined where nothing does.
 * @param there the first
 * @param other the one that should join it
 */
export function settingsDifference(there: Settings, other: Settings): string | undefined {
  if (there.model.sha256 !== other.model.sha256) {
    return `the model ${named(there.model)}, not ${named(other.model)}`;
  }
  const attributes = attributesDifference(there, other);
  if (there.scorer.sha256 !== other.scorer.sha256) {
    const why = attributes === undefined ? "" : ` (it has ${attributes})`;
    return `the scorer ${named(there.scorer)}, not ${named(other.scorer)}${why}`;
  }
  if (attributes !== undefined) return attributes;
  if (there.space !== other.space) return `codes in ${there.space}, not in ${other.space}`;
  // Documents keep float32, and older ones leave out what the model does by default.
  if (
    there.psi !== undefined &&
    other.psi !== undefined &&
    Math.fround(there.psi) !== Math.fround(other.psi)
  ) {
    return `the truncation psi ${shown(there.psi)}, not ${shown(other.psi)}`;
  }
  if (there.cutoff !== undefined && other.cutoff !== undefined && there.cutoff !== other.cutoff) {
    return `the truncation's cutoff ${there.cutoff ?? "none"}, not ${other.cutoff ?? "none"}`;
  }
  return undefined;
}

function attributesDifference(there: Settings, other: Settings): string | undefined {
  const [a, b] = [there, other].map(({ attributes }) => attributes.map(({ name }) => name)) as [
    string[],
    string[],
  ];
  const gone = a.find((name) => !b.includes(name));
  if (gone !== undefined) return `the attribute "${gone}", which the other lacks`;
  const added = b.find((name) => !a.includes(name));
  if (added !== undefined) return `no attribute "${added}", which the other has`;
  return a.join("\n") === b.join("\n") ? undefined : "its attributes in another order";
}

function named({ name, sha256 }: { readonly name: string; readonly sha256: string }): string {
  return `${name} (${sha256.slice(0, 8)})`;
}

function shown(value: number): string {
  return String(Number(Math.fround(value).toPrecision(7)));
}
