/** A colour as screens show it, in [-1, 1]. */
export function clip(value: number): number {
  return Math.min(1, Math.max(-1, value));
}
