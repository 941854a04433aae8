import {
  add,
  concat,
  exp,
  gather,
  leakyRelu,
  mul,
  reshape,
  sigmoid,
  squeeze,
  transpose,
  type Graph,
  type Value,
} from "../../onnx";
import { boxesFromCentres, FaceLayers, maxPoolSame } from "./layers";
import type { FaceWeights } from "./weights";

/** Side of the tiny detector's input in pixels. */
export const TINY_DETECTOR_SIZE = 416;

/** Widths and heights of the anchors, in cells of 32 pixels. */
const ANCHORS: readonly (readonly [number, number])[] = [
  [1.603231, 2.094468],
  [6.041143, 7.080126],
  [2.882459, 3.518061],
  [4.266906, 5.178857],
  [9.041765, 10.66308],
];

const MEAN = [117.001, 114.697, 97.404];
const SLOPE = 0.10000000149011612;

/**
 * The small face detector: a tiny YOLO v2 (Redmon & Farhadi, 2017) of separable convolutions, ten times as fast as the
 * other and good at large faces only.
 *
 * Input `x` [n, 3, 416, 416] in [-1, 1]. Outputs, for 13 x 13 cells of 5 anchors (the anchor runs fastest): `boxes`
 * [n, 845, 4] as left, top, right, bottom in fractions of the side and `scores` [n, 845] in [0, 1].
 */
export function tinyDetectorGraph(weights: FaceWeights): Graph {
  const layers = new FaceLayers("tinyDetector", weights);
  const { builder } = layers;
  const normalised = layers.normalise(layers.picture(TINY_DETECTOR_SIZE), MEAN);
  let x = leakyRelu(layers.convolution(normalised, "conv0/filters", "conv0/bias", 1, "valid"), SLOPE);
  for (let index = 1; index <= 5; index++) {
    x = leakyRelu(layers.separable(maxPoolSame(x, 2, 2), `conv${index}`, 1), SLOPE);
  }
  const encoded = layers.convolution(maxPoolSame(x, 2, 1), "conv8/filters", "conv8/bias", 1, "valid");
  const cells = encoded.shape[2] ?? 1;
  const count = cells * cells * ANCHORS.length;
  const numbers = reshape(transpose(encoded, [0, 2, 3, 1]), [0, count, 5]);
  const column = (pick: (cell: number, anchor: number) => number): Value =>
    builder.constant(
      Float32Array.from({ length: count }, (_, index) =>
        pick(Math.floor(index / ANCHORS.length), index % ANCHORS.length),
      ),
      [1, count, 1],
    );
  const part = (index: number): Value => gather(numbers, [index], 2);
  const boxes = boxesFromCentres(
    mul(
      add(
        sigmoid(part(0)),
        column((cell) => cell % cells),
      ),
      1 / cells,
    ),
    mul(
      add(
        sigmoid(part(1)),
        column((cell) => Math.floor(cell / cells)),
      ),
      1 / cells,
    ),
    mul(
      exp(part(2)),
      column((_, anchor) => (ANCHORS[anchor]?.[0] ?? 0) / cells),
    ),
    mul(
      exp(part(3)),
      column((_, anchor) => (ANCHORS[anchor]?.[1] ?? 0) / cells),
    ),
  );
  builder.output("boxes", concat(boxes, 2));
  builder.output("scores", sigmoid(squeeze(part(4), [2])));
  return builder.build();
}
