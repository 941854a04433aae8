import type { LayerRange } from "../../engine/files";

/** More strips than this nobody looks at. */
const MOST = 100;

/** `FIRST:END` within a model's layers. */
export function parseLayers(text: string, modelLayers: number): LayerRange | undefined {
  const [, first, end] = /^\s*(\d{1,3})\s*:\s*(\d{1,3})\s*$/.exec(text) ?? [];
  if (first === undefined || end === undefined) return undefined;
  const range: LayerRange = [Number(first), Number(end)];
  return range[0] < range[1] && range[1] <= modelLayers ? range : undefined;
}

/** How many directions. */
export function parseCount(text: string): number | undefined {
  const count = Number(text.trim());
  return text.trim() !== "" && Number.isInteger(count) && count >= 1 && count <= MOST ? count : undefined;
}
