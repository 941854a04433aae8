import { readDirection } from "../../../engine/directions";
import type { ReportedDirection } from "../../../protocol/directions";
import type { Workbench } from "../workbench";

/** `reportDirections`: the documents without their vectors, in the order of the files. */
export async function reportDirections(
  _workbench: Workbench,
  { paths }: { readonly paths: readonly string[] },
): Promise<readonly ReportedDirection[]> {
  return Promise.all(
    paths.map(async (path) => {
      const { vector: _vector, ...document } = (await readDirection(path)).document;
      return { ...document, path };
    }),
  );
}
