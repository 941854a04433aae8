/** From this side on a single array of a layer is larger than what the system's allocator keeps for the next run. */
const LARGE = 512;

/** Whether a generator's sessions take so much memory that one at a time must do. @param resolution side in pixels */
export function isLarge(resolution: number): boolean {
  return resolution >= LARGE;
}
