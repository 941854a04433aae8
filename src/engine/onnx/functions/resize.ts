import type { Value } from "../value";
import { single } from "./elementwise";

/** Each pixel repeated scale x scale times. */
export function resizeNearest(x: Value, scale: number): Value {
  const scales = x.owner.constant(Float32Array.of(1, 1, scale, scale), [4]);
  return single(
    x.owner.apply("Resize", [x, undefined, scales], {
      mode: "nearest",
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    }),
  );
}

/**
 * Bilinear interpolation to [height, width], pixel centres at half coordinates, no antialiasing. The size is
 * given as scales, not as a shape, so that the graph holds no batch size.
 */
export function resizeBilinear(x: Value, size: readonly [number, number]): Value {
  const [, , height = 1, width = 1] = x.shape;
  const scales = Float32Array.of(1, 1, scaleTo(height, size[0]), scaleTo(width, size[1]));
  return single(
    x.owner.apply("Resize", [x, undefined, x.owner.constant(scales, [4])], {
      mode: "linear",
      coordinate_transformation_mode: "half_pixel",
    }),
  );
}

/**
 * A float32 scale whose product with `from` is not below `to`, in float32 and float64 arithmetic alike: ONNX
 * takes the floor, and its shape inference and kernels differ in precision.
 */
function scaleTo(from: number, to: number): number {
  const scale = Math.fround(to / from);
  return from * scale < to ? Math.fround(scale * (1 + 2 ** -23)) : scale;
}
