import { fitDirections as fit, type FitTools } from "../../../engine/directions";
import { CancelledError, makeFolder, readDocument, type DirectionDocument } from "../../../engine/files";
import { codesOfLabelSet } from "../../../engine/labels";
import type { FitParameters, FitResult, WorkProgress, WrittenDirection } from "../../../protocol/directions";
import { DirectionPaths, writeDirectionAt } from "../directionOutput";
import { findModel } from "../findModel";
import type { Call } from "../serve";
import type { Workbench } from "../workbench";

/** `fitDirections`: one direction for each attribute; each is written as soon as it is fitted. */
export async function fitDirections(
  workbench: Workbench,
  { labelSet, attributes, choices, measure, output, overwrite, models }: FitParameters,
  { signal, report }: Call<WorkProgress>,
): Promise<FitResult> {
  const { model: wanted, scorer: labeller } = await readDocument(labelSet, "labels");
  const remedy = "label the same seeds anew";
  const model = await findModel(workbench, wanted, labelSet, models, { kind: "label set", remedy });
  const codes = await codesOfLabelSet(labelSet, model, {
    signal,
    onProgress: ({ done, total }) => {
      report({ phase: "map", done, total });
    },
  });
  await makeFolder(output);
  const builtIn = measure ? await workbench.scorer(model) : undefined;
  // Another scorer's scores of the same name need not mean the same.
  const scorer = builtIn?.sha256 === labeller.sha256 ? builtIn : undefined;
  const unmeasured =
    builtIn !== undefined && scorer === undefined
      ? [
          `${labelSet} was scored by ${labeller.name}, not by the built-in scorer of this version, so effects were not measured; rfm fit --scorer measures them.`,
        ]
      : [];
  const paths = new DirectionPaths(output, overwrite);
  const written = new Map<string, WrittenDirection>();
  const tools: FitTools = {
    runtime: await workbench.runtime(),
    model,
    ...(scorer && { scorer }),
    run: await workbench.runBlock(),
    signal,
    onProgress: report,
    onDocument: async (document: DirectionDocument) => {
      const { attribute } = document;
      // The second time it comes with its effects, into the file of the first.
      const path = written.get(attribute)?.path ?? (await paths.next(attribute));
      written.set(attribute, await writeDirectionAt(path, document));
    },
  };
  const result = (rest: Omit<FitResult, "written">): FitResult => ({
    written: [...written.values()],
    ...rest,
  });
  try {
    const { failures, warnings } = await fit(
      codes,
      { ...choices, attributes, ...(scorer && { measure: {}, layers: "measured" as const }) },
      tools,
    );
    return result({ failures, warnings: [...warnings, ...unmeasured], cancelled: false });
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    return result({ failures: [], warnings: [], cancelled: true });
  }
}
