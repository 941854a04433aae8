import { readDocument, RfmError } from "../../../engine/files";
import { createLabelSet as create, type LabelledSeeds, type OpenedScorer } from "../../../engine/labels";
import type { Model } from "../../../engine/models";
import type {
  CreateLabelSetParameters,
  LabelSetResult,
  ResumeLabelSetParameters,
  WorkProgress,
} from "../../../protocol/directions";
import { findModel } from "../findModel";
import { allowedScorer, findScorer } from "../findScorer";
import type { Call } from "../serve";
import type { Workbench } from "../workbench";

/** `createLabelSet`: scores of a range of seeds by the built-in scorer or that of a pack. */
export async function createLabelSet(
  workbench: Workbench,
  { path, model: folder, seeds, scorer: pack }: CreateLabelSetParameters,
  call: Call<WorkProgress>,
): Promise<LabelSetResult> {
  const model = await workbench.model(await workbench.pack(folder));
  const imported = pack === undefined ? undefined : await allowedScorer(workbench, pack);
  return label(workbench, { model, imported }, path, seeds, {}, call);
}

/** `resumeLabelSet`: goes on where a label set was left, with its own settings. */
export async function resumeLabelSet(
  workbench: Workbench,
  { path, models, scorers = [] }: ResumeLabelSetParameters,
  call: Call<WorkProgress>,
): Promise<LabelSetResult> {
  const { model: wanted, scorer, seeds, psi, cutoff, batch } = await readDocument(path, "labels");
  if (seeds === undefined) {
    throw new RfmError("usage", `${path} holds latents instead of seeds, so there is nothing to go on with.`);
  }
  const remedy = "label the same seeds anew";
  const model = await findModel(workbench, wanted, path, models, { kind: "label set", remedy });
  const settings = {
    batch,
    resume: true,
    ...(psi === undefined ? {} : { psi }),
    ...(cutoff === undefined ? {} : { cutoff }),
  };
  // Where it is neither built in nor found, the built-in one is told that it is another.
  const imported = await findScorer(workbench, scorer.sha256, scorers);
  return label(workbench, { model, imported }, path, seeds, settings, call);
}

/** What labels: without an imported scorer the built-in one. */
interface Nets {
  readonly model: Model;
  readonly imported: OpenedScorer | undefined;
}

async function label(
  workbench: Workbench,
  { model, imported }: Nets,
  path: string,
  seeds: LabelledSeeds,
  settings: { batch?: number; psi?: number; cutoff?: number | null; resume?: boolean },
  { signal, report }: Call<WorkProgress>,
): Promise<LabelSetResult> {
  try {
    const { count } = await create(path, model, imported ?? (await workbench.scorer(model)), seeds, {
      ...settings,
      run: await workbench.runBlock(),
      signal,
      onProgress: ({ done, total }) => {
        report({ phase: "label", done, total });
      },
    });
    return { path, count };
  } finally {
    await imported?.dispose();
  }
}
