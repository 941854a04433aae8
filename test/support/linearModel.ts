import type { Scorer } from "../../src/engine/labels";
import type { Model } from "../../src/engine/models";

/** How much each layer of the linear model shows. */
export const LAYER_SHARES = [0.5, 0.3, 0, 0.15, -0.2, 0];

/**
 * A face model whose pictures are its codes, and a scorer whose scores are linear in them: what edits do to the scores is
 * known exactly. w is z; score k of w+ is the sum over layers of share * w[layer][k].
 */
export function linearModel(
  names: readonly string[],
  dimension: number,
): { model: Model; scorer: Scorer; drawn: { faces: number } } {
  const layers = LAYER_SHARES.length;
  const drawn = { faces: 0 };
  const model = {
    name: "linear",
    sha256: "1".repeat(64),
    layers,
    wDimension: dimension,
    zDimension: dimension,
    codeSize: layers * dimension,
    resolution: 1,
    map: (z: Float32Array) =>
      Promise.resolve(
        Float32Array.from({ length: z.length * layers }, (_, at) => {
          const face = Math.floor(at / (layers * dimension));
          return z[face * dimension + (at % dimension)] ?? NaN;
        }),
      ),
    synthesize: (w: Float32Array, n: number) => {
      drawn.faces += n;
      return Promise.resolve(w);
    },
  };
  const scorer: Scorer = {
    name: "linear scores",
    sha256: "2".repeat(64),
    attributes: names.map((name) => ({ name })),
    score: (pictures, n) =>
      Promise.resolve(
        Float32Array.from({ length: n * names.length }, (_, at) => {
          const face = Math.floor(at / names.length);
          return LAYER_SHARES.reduce(
            (sum, share, layer) =>
              sum + share * (pictures[(face * layers + layer) * dimension + (at % names.length)] ?? NaN),
            0,
          );
        }),
      ),
  };
  return { model: model as unknown as Model, scorer, drawn };
}
