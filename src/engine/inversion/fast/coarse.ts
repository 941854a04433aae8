import type { Model } from "../../models";
import { GraphBuilder, pruneGraph, type Graph } from "../../onnx";
import type { Session } from "../../runtime";

/** A coarse picture may differ from the shrunk whole one by so much of the latter's variance. */
const TOLERANCE = 0.5;

/**
 * A generator that stops at a lower resolution, where it adds up pictures from coarse to fine (StyleGAN2's skip
 * connections): w [1,L,D] -> `x` [1,3,side,side].
 *
 * @returns undefined where the graph makes no picture of that size on its way.
 */
export function coarseSynthesis(synthesis: Graph, side: number): Graph | undefined {
  const shape = [1, 3, side, side].join();
  const pictures = synthesis.nodes
    .flatMap(({ outputs }) => outputs)
    .filter((name) => synthesis.types.get(name)?.shape.join() === shape);
  const last = pictures.at(-1);
  if (last === undefined || last === "x") return undefined;
  const pruned = pruneGraph({ ...synthesis, outputs: [last] });
  const builder = GraphBuilder.from({ ...pruned, outputs: [] });
  builder.output("x", builder.value(last));
  return builder.build();
}

/**
 * Whether coarse pictures are what the whole ones look like from afar: another network may have such values without
 * their being pictures.
 */
export async function isFaithful(
  model: Model,
  coarse: Session,
  side: number,
  w: Float32Array,
  whole: Float32Array,
): Promise<boolean> {
  const { x } = await coarse.run({ w });
  if (x === undefined) return false;
  const shrunk = averaged(whole, model.resolution, side);
  const mean = shrunk.reduce((sum, value) => sum + value, 0) / shrunk.length;
  let difference = 0;
  let variance = 0;
  shrunk.forEach((value, at) => {
    difference += (value - (x[at] as number)) ** 2;
    variance += (value - mean) ** 2;
  });
  return difference <= TOLERANCE * variance;
}

/** Pictures [C,S,S] averaged down to [C,side,side]; S is a multiple of side. */
export function averaged(picture: Float32Array, size: number, side: number): Float32Array {
  const step = size / side;
  const result = new Float32Array(picture.length / step ** 2);
  for (let at = 0; at < picture.length; at++) {
    const plane = Math.floor(at / (size * size));
    const row = Math.floor((at % (size * size)) / size);
    const column = at % size;
    const to = (plane * side + Math.floor(row / step)) * side + Math.floor(column / step);
    result[to] = (result[to] as number) + (picture[at] as number) / (step * step);
  }
  return result;
}
