import { numbersOf } from "./arrays";
import type { LayoutTensors } from "./layoutTensors";

/**
 * Refuses a progressively grown network that was saved while it grew: its level of detail is above zero then, and its
 * last layers are not trained.
 *
 * @param name of the level of detail; a file without one is taken as finished.
 */
export async function refuseHalfGrown(tensors: LayoutTensors, name: string): Promise<void> {
  if (!tensors.has(name)) return;
  const [lod = 0] = numbersOf(await tensors.read(name));
  if (lod > 0) {
    throw tensors.refusal(
      `was saved while it grew (level of detail ${lod.toFixed(2)})`,
      "use a checkpoint of the end of its training",
    );
  }
}
