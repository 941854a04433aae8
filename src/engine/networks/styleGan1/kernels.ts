import type { Tensor } from "../../onnx";
import { reordered, turned } from "../arrays";

/** The published networks use a transposed convolution where they double a picture to this size or more. */
const FUSED_FROM = 128;

/** Whether the published rule makes the layer that doubles to this size a transposed convolution. */
export function isFusedByRule(resolution: number): boolean {
  return resolution >= FUSED_FROM;
}

/** How the kernel of an upsampling layer lies: [out,in] for a convolution, [in,out] for a transposed one; or either. */
export type KernelOrder = "plain" | "fused" | "either";

/** The order that a kernel's first two axes show. */
export function kernelOrder(shape: readonly number[], inner: number, outer: number): KernelOrder | undefined {
  const [first, second] = shape;
  const isPlain = first === outer && second === inner;
  const isFused = first === inner && second === outer;
  if (isPlain && isFused) return "either";
  return isPlain ? "plain" : isFused ? "fused" : undefined;
}

/**
 * Which of the layers that double the picture are transposed convolutions, where the order of a kernel's axes tells it
 * unless there are as many on both sides. Layers become transposed from some size on: neighbours that show their kind
 * decide first, the published rule where none does.
 *
 * @param orders of the layer that doubles to each resolution.
 */
export function isFused(resolution: number, orders: ReadonlyMap<number, KernelOrder>): boolean {
  const known = orders.get(resolution);
  if (known === "plain" || known === "fused") return known === "fused";
  const shown = [...orders];
  if (shown.some(([size, order]) => order === "fused" && size <= resolution)) return true;
  if (shown.some(([size, order]) => order === "plain" && size >= resolution)) return false;
  return isFusedByRule(resolution);
}

/**
 * A kernel [in,out,3,3] of a transposed convolution (of stride 2, summed over the four shifts of a 2x2 square) as the
 * equal convolution [out,in,3,3] of the picture with each pixel repeated: turned by half a turn.
 */
export function fromTransposed(kernel: Tensor): Tensor {
  return turned(reordered(kernel, [1, 0, 2, 3]));
}
