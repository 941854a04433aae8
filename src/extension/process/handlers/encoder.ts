import { fitPackEncoder } from "../../../engine/inversion";
import type { WorkProgress } from "../../../protocol/directions";
import type { FitEncoderParameters, FittedPack } from "../../../protocol/imports";
import { packEntry } from "../imports/packEntry";
import type { Call } from "../serve";
import type { Workbench } from "../workbench";

/** `fitEncoder`: the pack is another one afterwards, so whoever uses it next opens it anew. */
export async function fitEncoder(
  workbench: Workbench,
  { folder, samples }: FitEncoderParameters,
  { signal, report }: Call<WorkProgress>,
): Promise<FittedPack> {
  const model = await workbench.model(await workbench.pack(folder));
  const fitted = await fitPackEncoder(model, await workbench.faces(), {
    samples,
    signal,
    onProgress: ({ phase, done, total }) => {
      report({ phase, done, total });
    },
  });
  const { codeError, pictureError, heldOut } = fitted;
  return { pack: await packEntry(folder), samples: fitted.samples, heldOut, codeError, pictureError };
}
