import {
  pgGanGenerator,
  pgGanShape,
  styleGan1Mapping,
  styleGan1Noise,
  styleGan1Shape,
  styleGan1Synthesis,
  styleGan2Mapping,
  styleGan2Noise,
  styleGan2Shape,
  styleGan2Synthesis,
  type GeneratorArchitecture,
  type Weights,
} from "../networks";
import { RfmError } from "../files";
import { GraphBuilder, reshape, type Graph } from "../onnx";
import type { CodeSpace } from "./manifest";

/** A noise input of a synthesis graph and the picture that its checkpoint stores for it. */
export interface StoredNoise {
  readonly input: string;
  readonly resolution: number;
  readonly stored: Float32Array;
}

/** A generator as the graphs of a pack, whatever its architecture. */
export interface GeneratorGraphs {
  /** z [1,Z] -> w [1,D]; missing where the weights lack it, or where codes are z themselves. */
  readonly mapping?: Graph;
  /** w [1,L,D] -> x [1,3,S,S], and the noise inputs. */
  readonly synthesis: Graph;
  readonly noise: readonly StoredNoise[];
  readonly space: CodeSpace;
  readonly resolution: number;
  readonly layers: number;
  readonly zDimension: number;
  readonly wDimension: number;
}

/** Builds the graphs from canonical weights. @throws RfmError("model") where they are no such generator's. */
export function generatorGraphs(architecture: GeneratorArchitecture, weights: Weights): GeneratorGraphs {
  switch (architecture) {
    case "stylegan1": {
      if (!weights.has("synthesis.const"))
        throw new RfmError(
          "model",
          "The checkpoint holds a mapping network without its synthesis, which draws nothing; import the synthesis network's file together with it.",
        );
      const shape = styleGan1Shape(weights);
      const hasMapping = weights.has("mapping.dense0.weight");
      return {
        ...(hasMapping && { mapping: styleGan1Mapping(weights) }),
        synthesis: styleGan1Synthesis(weights),
        noise: styleGan1Noise(weights),
        space: "w+",
        ...shape,
        zDimension: hasMapping ? shape.zDimension : shape.wDimension,
      };
    }
    case "stylegan2":
      return {
        ...(weights.has("mapping.dense0.weight") && { mapping: styleGan2Mapping(weights) }),
        synthesis: styleGan2Synthesis(weights),
        noise: styleGan2Noise(weights),
        space: "w+",
        ...styleGan2Shape(weights),
      };
    case "pggan": {
      const { resolution, zDimension } = pgGanShape(weights);
      return {
        synthesis: codeOfOneRow(pgGanGenerator(weights), zDimension),
        noise: [],
        space: "z",
        resolution,
        layers: 1,
        zDimension,
        wDimension: zDimension,
      };
    }
  }
}

/** z [1,Z] as a code of one row [1,1,Z], so that it can be edited and inverted as w+ is. */
function codeOfOneRow(generator: Graph, width: number): Graph {
  const builder = new GraphBuilder("synthesis");
  const w = builder.input("w", [1, 1, width]);
  const { x } = builder.inline(generator, { z: reshape(w, [0, width]) });
  if (x === undefined) throw new RfmError("model", "The generator draws no picture; check the checkpoint.");
  builder.output("x", x);
  return builder.build();
}
