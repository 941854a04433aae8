import { describe, expect, it } from "vitest";
import { styleGan1Shape, styleGan1Synthesis, type Weights } from "../../../src/engine/networks";
import type { Tensor } from "../../../src/engine/onnx";
import { gradientName } from "../../../src/engine/onnx";
import { openRuntime } from "../../../src/engine/runtime";
import { meanSquares } from "../../support/networks";
import { Random } from "../../support/random";

const RESOLUTION = 1024;
const W = 512;

/** Random canonical weights of the published widths, of about the size that trained ones have. */
function fullWidth(): Weights {
  const random = new Random(3);
  const weights = new Map<string, Tensor>();
  const draw = (name: string, shape: readonly number[], spread: number): void => {
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    const width = spread * Math.sqrt(12);
    for (let i = 0; i < data.length; i++) data[i] = (random.uniform() - 0.5) * width;
    weights.set(name, { type: "float32", shape, data });
  };
  let [inner, layer] = [512, 0];
  draw("synthesis.const", [1, inner, 4, 4], 1);
  for (let side = 4; side <= RESOLUTION; side *= 2) {
    const outer = Math.min(512, 16384 / side);
    for (const first of [true, false]) {
      const name = `synthesis.layer${layer++}`;
      if (side > 4 || !first) draw(`${name}.weight`, [outer, inner, 3, 3], Math.sqrt(2 / (9 * inner)));
      draw(`${name}.bias`, [outer], 0.1);
      draw(`${name}.style.weight`, [2 * outer, W], 1 / Math.sqrt(W));
      draw(`${name}.style.bias`, [2 * outer], 0.1);
      inner = outer;
    }
  }
  draw("synthesis.output.weight", [3, inner, 1, 1], 1 / Math.sqrt(inner));
  draw("synthesis.output.bias", [3], 0.1);
  return weights;
}

describe("a StyleGAN1 of 1024 pixels and full width", () => {
  it("differentiates its picture with respect to w+ within 4 GB", async () => {
    const weights = fullWidth();
    const { layers } = styleGan1Shape(weights);
    expect(layers).toBe(18);
    const runtime = await openRuntime("cpu");
    try {
      const session = await runtime.compile(meanSquares(styleGan1Synthesis(weights), ["w"]));
      const w = new Random(4).normals(layers * W);
      const loss = async (code: Float32Array): Promise<number> => {
        const results = await session.run({ w: code });
        return results["loss"]?.[0] ?? NaN;
      };
      const slope = Float32Array.from((await session.run({ w }))[gradientName("loss", "w")] ?? []);
      expect(slope).toHaveLength(w.length);
      const length = Math.hypot(...slope);
      expect(length).toBeGreaterThan(0);
      // Along its own direction the slope is its length: central differences say the same.
      const step = 0.05;
      const moved = (sign: number): Float32Array =>
        w.map((value, i) => value + (sign * step * (slope[i] ?? 0)) / length);
      const difference = ((await loss(moved(1))) - (await loss(moved(-1)))) / (2 * step);
      expect(difference / length).toBeCloseTo(1, 2);
      expect(process.resourceUsage().maxRSS).toBeLessThan(4 * 2 ** 20);
    } finally {
      await runtime.dispose();
    }
  }, 180_000);
});
