import { describe, expect, it } from "vitest";
import { affine, numbersOf, reordered, turned } from "../../../src/engine/networks/arrays";
import { encodeFloat16, type Tensor } from "../../../src/engine/onnx";

function tensor(shape: readonly number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return { type: "float32", shape, data: Float32Array.from({ length: count }, (_, i) => i) };
}

describe("published arrays in another order", () => {
  it("swaps the axes of a matrix", () => {
    expect(reordered(tensor([2, 3]), [1, 0])).toEqual({
      type: "float32",
      shape: [3, 2],
      data: Float32Array.of(0, 3, 1, 4, 2, 5),
    });
  });

  it("brings TensorFlow's kernels [h,w,in,out] to [out,in,h,w], number by number", () => {
    const [h, w, inner, out] = [2, 3, 4, 5];
    const kernel = reordered(tensor([h, w, inner, out]), [3, 2, 0, 1]);
    expect(kernel.shape).toEqual([out, inner, h, w]);
    for (let o = 0; o < out; o++)
      for (let i = 0; i < inner; i++)
        for (let y = 0; y < h; y++)
          for (let x = 0; x < w; x++)
            expect(kernel.data[((o * inner + i) * h + y) * w + x]).toBe(((y * w + x) * inner + i) * out + o);
  });

  it("turns every kernel by half a turn and leaves their order", () => {
    expect(turned(tensor([2, 1, 2, 2])).data).toEqual(Float32Array.of(3, 2, 1, 0, 7, 6, 5, 4));
    const kernels = tensor([3, 2, 3, 3]);
    expect(turned(turned(kernels))).toEqual(kernels);
  });

  it("scales and shifts, float16 too", () => {
    const half: Tensor = { type: "float16", shape: [2], data: encodeFloat16(Float32Array.of(0.5, -2)) };
    expect(affine(half, 2, 1).data).toEqual(Float32Array.of(2, -3));
    expect(affine(half, 1)).toBe(half);
    expect(numbersOf(half)).toEqual(Float32Array.of(0.5, -2));
  });
});
