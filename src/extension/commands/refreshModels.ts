import type { Context } from "../context";

/** Looks again which models there are. */
export function refreshModels({ models }: Context): void {
  models.refresh();
}
