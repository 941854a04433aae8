import { readDirection, reportOf, type DirectionsReport } from "../../../engine/directions";
import type { Workbench } from "../workbench";

/** `reportDirections`: the documents without their vectors, in the order of the files, and how they entangle. */
export async function reportDirections(
  _workbench: Workbench,
  { paths }: { readonly paths: readonly string[] },
): Promise<DirectionsReport> {
  const directions = await Promise.all(paths.map((path) => readDirection(path)));
  return reportOf(directions.map(({ document }) => document));
}
