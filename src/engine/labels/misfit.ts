import type { LabelsDocument, ModelReference } from "../files";

/** Why a label set cannot be used with a model, in a sentence that names the file, or nothing where it can. */
export function labelSetMisfit(
  path: string,
  document: Pick<LabelsDocument, "model">,
  model: ModelReference,
): string | undefined {
  if (document.model.sha256 === model.sha256) return undefined;
  const other =
    document.model.name === model.name
      ? `a model ${document.model.name} of other weights`
      : `the model ${document.model.name}, not of ${model.name}`;
  return `${path} is a label set of ${other}; use that model with it, or label the same seeds anew.`;
}
