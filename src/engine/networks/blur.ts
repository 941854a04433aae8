import { conv, type Value } from "../onnx";

/** The filter [1,2,1] in both axes, of sum 1. */
const SMOOTHING = [1, 2, 1].flatMap((down) => [1, 2, 1].map((along) => (down * along) / 16));
const SIDE = 3;

/**
 * Smooths every channel with [1,2,1] in both axes, zeros around the picture, and adds a bias.
 *
 * @param x [n,c,h,w]
 * @param bias [c]
 */
export function blur(x: Value, bias?: Value): Value {
  const [, channels = 0] = x.shape;
  const taps = Float32Array.from(
    { length: channels * SMOOTHING.length },
    (_, i) => SMOOTHING[i % SMOOTHING.length] ?? 0,
  );
  const kernel = x.owner.constant(taps, [channels, 1, SIDE, SIDE]);
  return conv(x, kernel, { pads: [1, 1, 1, 1], group: channels, ...(bias && { bias }) });
}
