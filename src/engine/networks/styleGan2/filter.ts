import { numbersOf } from "../arrays";
import type { LayoutTensors } from "../layoutTensors";

const TAPS = [1, 3, 3, 1];

/**
 * Checks a stored smoothing filter, where there is one, against [1,3,3,1] in both axes: the one that the graphs have.
 *
 * @param gain what its numbers sum to.
 * @throws RfmError("model") where it is another.
 */
export async function requireFilter(tensors: LayoutTensors, name: string, gain: number): Promise<void> {
  if (!tensors.has(name)) return;
  const numbers = numbersOf(await tensors.read(name));
  const sum = TAPS.reduce((a, b) => a + b) ** 2;
  const expected = TAPS.flatMap((down) => TAPS.map((along) => (down * along * gain) / sum));
  const same =
    numbers.length === expected.length &&
    expected.every((tap, i) => Math.abs(tap - (numbers[i] ?? 0)) < 1e-4 * gain);
  if (!same) {
    throw tensors.refusal(
      `smooths with another filter than [${TAPS.join(",")}] (${tensors.prefix}${name})`,
      "use a generator with StyleGAN2's own filter",
    );
  }
}
