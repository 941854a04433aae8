import { componentDocument, directionStrips, discover, openDescriber } from "../../../engine/directions";
import type { DirectionDocument } from "../../../engine/files";
import type {
  DiscoveredDirection,
  DiscoverParameters,
  DiscoverProgress,
  DiscoverResult,
  WrittenDirection,
} from "../../../protocol/directions";
import { writeDirectionAt } from "../directionOutput";
import { toPixels } from "../pixels";
import type { Call } from "../serve";
import type { Workbench } from "../workbench";

/** What a strip shows, in sigma. */
const AMOUNTS = [-3, -2, -1, 0, 1, 2, 3];

/** `discoverDirections`: directions without labels, each shown and described as soon as it is found. */
export async function discoverDirections(
  workbench: Workbench,
  { model: folder, method, layers, count }: DiscoverParameters,
  { signal, report }: Call<DiscoverProgress>,
): Promise<DiscoverResult> {
  const model = await workbench.model(await workbench.pack(folder));
  const tools = { signal, onProgress: report };
  const discovery = await discover(model, { method, count, ...(layers && { layers }) }, tools);
  const describer = await openDescriber(model, await workbench.scorer(model), tools);
  const run = await workbench.runBlock();
  const directions: DiscoveredDirection[] = [];
  for (const index of discovery.components.keys()) {
    const document = await describer.describe(componentDocument(model, discovery, index, run), signal);
    const strip = await directionStrips(model, [document], { amounts: AMOUNTS, signal });
    const found = { document, strip: toPixels(strip), amounts: AMOUNTS };
    directions.push(found);
    report({ phase: "describe", done: directions.length, total: discovery.components.length, found });
  }
  return { directions };
}

/** `writeDirection`: the document is checked as it is written. */
export async function writeDirection(
  _workbench: Workbench,
  { path, document }: { readonly path: string; readonly document: DirectionDocument },
): Promise<WrittenDirection> {
  return writeDirectionAt(path, document);
}
