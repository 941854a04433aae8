import { add, concat, GraphBuilder, matmul, unsqueeze, type Graph } from "../../onnx";

/** Codes as a linear function of features: code = intercept + features @ weights. */
export interface LinearCodes {
  /** [F, D], row-major. */
  readonly weights: Float32Array;
  /** [D] */
  readonly intercept: Float32Array;
}

/**
 * An encoder of a pack: features, then the linear function, the same code for every layer.
 *
 * @param features x [1,3,S,S] -> `features` [1,F]
 * @returns x [1,3,S,S] -> `w` [1,L,D], for any batch
 */
export function linearCodesGraph(
  features: Graph,
  resolution: number,
  layers: number,
  { weights, intercept }: LinearCodes,
): Graph {
  const builder = new GraphBuilder("encoder");
  const x = builder.input("x", [1, 3, resolution, resolution]);
  const { features: seen } = builder.inline(features, { x });
  if (seen === undefined) throw new RangeError("The graph gives no features.");
  const width = intercept.length;
  const code = add(
    matmul(seen, builder.constant(weights, [weights.length / width, width])),
    builder.constant(intercept, [1, width]),
  );
  const row = unsqueeze(code, [1]);
  // Copies side by side, for a shape to expand to would hold the batch.
  const rest = Array.from({ length: layers - 1 }, () => row);
  builder.output("w", layers === 1 ? row : concat([row, ...rest], 1));
  return builder.build();
}
