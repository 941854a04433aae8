import { fitEncoder as fit } from "../../../engine/inversion";
import { addEncoder } from "../../../engine/models";
import type { WorkProgress } from "../../../protocol/directions";
import type { FitEncoderParameters, FittedPack } from "../../../protocol/imports";
import { packEntry } from "../imports/packEntry";
import type { Call } from "../serve";
import type { Workbench } from "../workbench";

/** First seed of the faces that an encoder learns from: where nobody's label sets are. */
const FIRST_SEED = 2_000_000;

/** `fitEncoder`: the pack is another one afterwards, so whoever uses it next opens it anew. */
export async function fitEncoder(
  workbench: Workbench,
  { folder, samples }: FitEncoderParameters,
  { signal, report }: Call<WorkProgress>,
): Promise<FittedPack> {
  const model = await workbench.model(await workbench.pack(folder));
  const fitted = await fit(model, await workbench.faces(), {
    ...(samples === undefined ? {} : { samples }),
    seed: FIRST_SEED,
    signal,
    onProgress: report,
  });
  const { codeError, pictureError, heldOut } = fitted;
  const record = { samples: fitted.samples, seed: FIRST_SEED, codeError, pictureError };
  await addEncoder(folder, { graph: fitted.graph, fit: record });
  return { pack: await packEntry(folder), samples: fitted.samples, heldOut, codeError, pictureError };
}
