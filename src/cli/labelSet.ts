import type { LabelsDocument } from "../engine/files";
import type { Task } from "./shell";

/** Ends a command with the label set that it made; scores that are no numbers are warned of. */
export async function tellOfSet(
  { output }: Pick<Task, "output">,
  path: string,
  { count, attributes }: LabelsDocument,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { readLabelSet, scoreProblems } = await import("../engine/labels");
  for (const { message } of scoreProblems(await readLabelSet(path), path)) output.warn(message);
  const names = attributes.map(({ name }) => name);
  output.result(
    { path, count, attributes: names, ...details },
    `${path}: ${count} faces, ${names.length} attributes`,
  );
}
