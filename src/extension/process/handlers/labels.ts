import { readDocument, RfmError } from "../../../engine/files";
import { createLabelSet as create, type LabelledSeeds } from "../../../engine/labels";
import type { Model } from "../../../engine/models";
import type {
  CreateLabelSetParameters,
  LabelSetResult,
  ResumeLabelSetParameters,
  WorkProgress,
} from "../../../protocol/directions";
import { findModel } from "../findModel";
import type { Call } from "../serve";
import type { Workbench } from "../workbench";

/** `createLabelSet`: scores of a range of seeds by the built-in scorer. */
export async function createLabelSet(
  workbench: Workbench,
  { path, model: folder, seeds }: CreateLabelSetParameters,
  call: Call<WorkProgress>,
): Promise<LabelSetResult> {
  const model = await workbench.model(await workbench.pack(folder));
  return label(workbench, model, path, seeds, {}, call);
}

/** `resumeLabelSet`: goes on where a label set was left, with its own settings. */
export async function resumeLabelSet(
  workbench: Workbench,
  { path, models }: ResumeLabelSetParameters,
  call: Call<WorkProgress>,
): Promise<LabelSetResult> {
  const { model: wanted, seeds, psi, cutoff, batch } = await readDocument(path, "labels");
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
  return label(workbench, model, path, seeds, settings, call);
}

async function label(
  workbench: Workbench,
  model: Model,
  path: string,
  seeds: LabelledSeeds,
  settings: { batch?: number; psi?: number; cutoff?: number | null; resume?: boolean },
  { signal, report }: Call<WorkProgress>,
): Promise<LabelSetResult> {
  const { count } = await create(path, model, await workbench.scorer(model), seeds, {
    ...settings,
    run: await workbench.runBlock(),
    signal,
    onProgress: ({ done, total }) => {
      report({ phase: "label", done, total });
    },
  });
  return { path, count };
}
