import { RfmError } from "../files";
import { faceNetInput, FACE_SIZE, RECOGNISER_SIZE, type FaceNetName } from "../networks";
import { add, clip, concat, GraphBuilder, identity, mul, slice, type Graph, type Value } from "../onnx";
import { cropRegion, type CropRegion } from "./framing";
import type { Alignment } from "./align";

/** The nets that a face is scored with. */
export type ScorerNets = Readonly<
  Record<Extract<FaceNetName, "landmarks" | "ageGender" | "expressions">, Graph>
>;

/**
 * The face nets behind one input, for the crops that a pack's generator makes: `x` [n, 3, size, size] in [-1, 1] ->
 * `age` [n, 1], `gender` [n, 2], `expressions` [n, 7] (logits) and `landmarks` [n, 68, 2] in fractions of the crop's
 * side. Every output can be differentiated with respect to x.
 * @param alignment with which the crops are framed
 */
export function scorerGraph(nets: ScorerNets, size: number, alignment: Alignment): Graph {
  const builder = new GraphBuilder("scorer");
  const { value, left, top, side } = regionOf(builder.input("x", [1, 3, size, size]), alignment);
  const input = faceNetInput(value, FACE_SIZE);
  const { age, gender } = builder.inline(nets.ageGender, { x: input });
  const { logits } = builder.inline(nets.expressions, { x: input });
  const { landmarks } = builder.inline(nets.landmarks, { x: input });
  outputs(builder, {
    age,
    gender,
    expressions: logits,
    landmarks: landmarks && inCrop(landmarks, { left, top, side }),
  });
  return builder.build();
}

/**
 * The same for raw pictures of a generator, with everything that scores are made from: its values beyond [-1, 1] are clipped,
 * as they would be in a picture, and the clipped ones are the output `pixels` [n, 3, size, size].
 */
export function scoreSourcesGraph(nets: ScorerNets, size: number, alignment: Alignment): Graph {
  const builder = new GraphBuilder("score sources");
  const pixels = clip(builder.input("x", [1, 3, size, size]), -1, 1);
  outputs(builder, {
    ...builder.inline(scorerGraph(nets, size, alignment), { x: pixels }),
    pixels: identity(pixels),
  });
  return builder.build();
}

/**
 * The recogniser on a pack's crops: `x` [n, 3, size, size] in [-1, 1] -> `embedding` [n, 128]; can be differentiated with
 * respect to x, for a loss that keeps a face's identity.
 * @param alignment with which the crops are framed
 */
export function identityGraph(recogniser: Graph, size: number, alignment: Alignment): Graph {
  const builder = new GraphBuilder("identity");
  const { value } = regionOf(builder.input("x", [1, 3, size, size]), alignment);
  const { embedding } = builder.inline(recogniser, { x: faceNetInput(value, RECOGNISER_SIZE) });
  outputs(builder, { embedding });
  return builder.build();
}

/** The part of crops that the nets should see, in whole pixels, and where it lies in fractions of their side. */
function regionOf(x: Value, alignment: Alignment): CropRegion & { readonly value: Value } {
  const size = x.shape[2] ?? 1;
  const region = cropRegion(alignment);
  const pixels = Math.round(region.side * size);
  const column = Math.min(size - pixels, Math.round(region.left * size));
  const row = Math.min(size - pixels, Math.round(region.top * size));
  const value = pixels === size ? x : slice(slice(x, 2, row, row + pixels), 3, column, column + pixels);
  return { value, left: column / size, top: row / size, side: pixels / size };
}

function inCrop(landmarks: Value, { left, top, side }: CropRegion): Value {
  const across = add(mul(slice(landmarks, 2, 0, 1), side), left);
  const down = add(mul(slice(landmarks, 2, 1, 2), side), top);
  return concat([across, down], 2);
}

function outputs(builder: GraphBuilder, values: Readonly<Record<string, Value | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) {
      throw new RfmError(
        "model",
        `The face nets give no ${name}; build the packs again with \`npm run build\`.`,
      );
    }
    builder.output(name, value);
  }
}
