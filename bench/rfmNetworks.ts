import { trainableEncoder, type TrainableEncoder } from "../src/engine/inversion";
import { encoderE, type Weights } from "../src/engine/networks";
import type { Tensor } from "../src/engine/onnx";
import { randomNumbers } from "./randomNumbers";
import { STYLE_WIDTH } from "./styleGan1";

/** Channels of VGG16's convolutions, by their number in torchvision's `features`. */
const VGG16: readonly (readonly [number: number, channels: number])[] = [
  [0, 64],
  [2, 64],
  [5, 128],
  [7, 128],
  [10, 256],
  [12, 256],
  [14, 256],
  [17, 512],
  [19, 512],
  [21, 512],
  [24, 512],
  [26, 512],
  [28, 512],
];
/** Channels of the features that LPIPS compares. */
const COMPARED = [64, 128, 256, 512, 512];
const WIDEST = 512;
/** Channels times side of the published encoders, where that is less than the widest. */
const WIDTH_TIMES_SIDE = 16384;

type Draw = (name: string, shape: readonly number[], scale: number) => void;

/** An encoder E with blurs (E_Blur) as wide as the published ones, of random weights, all of them to be trained. */
export function randomEncoder(side: number): TrainableEncoder {
  const graph = encoderE(
    drawn((draw) => {
      drawEncoder(draw, side);
    }),
  );
  return trainableEncoder({
    graph,
    weights: [...graph.initializers.keys()].filter((name) => !name.startsWith("constant")),
  });
}

function drawEncoder(draw: Draw, side: number): void {
  let inner = Math.min(WIDEST, WIDTH_TIMES_SIDE / side);
  draw("FromRGB.from_rgb.weight", [inner, 3, 1, 1], 1);
  draw("FromRGB.from_rgb.bias", [inner], 0.1);
  for (let block = 0, r = side; r >= 4; block++, r /= 2) {
    const at = `decode_block.${block}`;
    const out = Math.min(WIDEST, (2 * WIDTH_TIMES_SIDE) / r);
    const isLast = r === 4;
    for (const half of [1, 2]) {
      draw(`${at}.inver_mod${half}.weight`, [STYLE_WIDTH, 2 * inner], Math.sqrt(1 / (2 * inner)));
      draw(`${at}.inver_mod${half}.bias`, [STYLE_WIDTH], 0.1);
    }
    draw(`${at}.conv_1.weight`, [inner, inner, 3, 3], Math.sqrt(2 / (9 * inner)));
    draw(`${at}.bias_1`, [1, inner, 1, 1], 0.1);
    // That it is there says that features are smoothed.
    draw(`${at}.blur.weight`, [inner, 1, 3, 3], 1);
    if (isLast) break;
    draw(`${at}.conv_2.weight`, [out, inner, 3, 3], Math.sqrt(2 / (9 * inner)));
    draw(`${at}.bias_2`, [1, out, 1, 1], 0.1);
    if (out !== inner) {
      draw(`${at}.conv_3.weight`, [out, inner, 1, 1], Math.sqrt(2 / inner));
      draw(`${at}.conv_3.bias`, [out], 0.1);
    }
    inner = out;
  }
}

/** LPIPS on a VGG16, of random weights. */
export function randomLpips(): Weights {
  return drawn((draw) => {
    let inner = 3;
    for (const [number, out] of VGG16) {
      draw(`features.${number}.weight`, [out, inner, 3, 3], Math.sqrt(2 / (9 * inner)));
      draw(`features.${number}.bias`, [out], 0.1);
      inner = out;
    }
    COMPARED.forEach((channels, index) => {
      draw(`lin${index}.weight`, [1, channels, 1, 1], 1);
    });
  });
}

function drawn(drawAll: (draw: Draw) => void): Weights {
  const weights = new Map<string, Tensor>();
  drawAll((name, shape, scale) => {
    const count = shape.reduce((product, size) => product * size, 1);
    weights.set(name, { type: "float32", shape, data: randomNumbers(count, scale, weights.size + 1) });
  });
  return weights;
}
