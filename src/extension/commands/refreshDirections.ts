import type { Context } from "../context";

/** Looks again which label sets and directions there are. */
export function refreshDirections({ library }: Context): void {
  library.refresh();
}
