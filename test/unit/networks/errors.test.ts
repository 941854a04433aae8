import { beforeAll, describe, expect, it } from "vitest";
import { readAll, readSafetensors } from "../../../src/engine/checkpoints";
import {
  linearEncoder,
  styleGan2Mapping,
  styleGan2Noise,
  styleGan2Shape,
  styleGan2Synthesis,
  weightsFrom,
  type Weights,
} from "../../../src/engine/networks";

let small: Weights;

beforeAll(async () => {
  const path = new URL("../../fixtures/networks/small.safetensors", import.meta.url).pathname;
  small = weightsFrom(await readAll(await readSafetensors(path)));
});

/** The weights with one of them left out or of another shape. */
function changed(name: string, shape?: readonly number[]): Weights {
  const weights = new Map(small);
  weights.delete(name);
  if (shape !== undefined) {
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    weights.set(name, { type: "float32", shape, data });
  }
  return weights;
}

describe("checkpoints that are no StyleGAN2", () => {
  it("names a tensor that is missing", () => {
    expect(() => styleGan2Shape(new Map())).toThrow(
      "The checkpoint has no tensor synthesis.early_layer.const;",
    );
    expect(() => styleGan2Mapping(changed("mapping.dense1.bias"))).toThrow(/no tensor mapping\.dense1\.bias/);
    expect(() => styleGan2Synthesis(changed("synthesis.output2.weight"))).toThrow(
      /no tensor synthesis\.output2\.weight/,
    );
  });

  it("names a tensor of another shape, with both shapes", () => {
    expect(() => styleGan2Synthesis(changed("synthesis.layer1.style.weight", [7, 25]))).toThrow(
      "The tensor synthesis.layer1.style.weight has the shape [7,25] where [7,24] is wanted; check the checkpoint.",
    );
    expect(() => styleGan2Synthesis(changed("synthesis.layer2.weight", [6, 5, 1, 1]))).toThrow(
      /has the shape \[6,5,1,1\] where \[any,5,3,3\] is wanted/,
    );
    expect(() => styleGan2Mapping(changed("mapping.dense1.weight", [24, 0]))).toThrow(
      /has the shape \[24,0\]/,
    );
  });

  it("says that half a network is none", () => {
    expect(() => styleGan2Shape(changed("synthesis.layer4.weight"))).toThrow(/has 4 synthesis layers/);
  });
});

describe("noise", () => {
  it("is an input of each layer whose strength is not zero", () => {
    const names = styleGan2Noise(small).map(({ input }) => input);
    expect(names).toEqual(["noise0", "noise1", "noise2", "noise3", "noise4"]);
    expect([...styleGan2Synthesis(small).inputs.keys()]).toEqual(["w", ...names]);
    const silenced = changed("synthesis.layer3.noise_strength", [1]);
    expect(styleGan2Noise(silenced).map(({ input }) => input)).not.toContain("noise3");
    expect(styleGan2Noise(changed("synthesis.layer3.noise")).map(({ input }) => input)).not.toContain(
      "noise3",
    );
  });

  it("must have the size of its layer", () => {
    expect(() => styleGan2Synthesis(changed("synthesis.layer3.noise", [1, 1, 8, 8]))).toThrow(
      /has the shape \[1,1,8,8\] where \[1,1,16,16\] is wanted/,
    );
  });
});

describe("linearEncoder", () => {
  const encoder: Weights = new Map([
    ["mean", { type: "float32", shape: [12], data: new Float32Array(12) }],
    ["proj", { type: "float32", shape: [12, 5], data: new Float32Array(60) }],
  ]);

  it("averages larger pictures down", () => {
    expect(linearEncoder(encoder, 2).nodes.map(({ operator }) => operator)).not.toContain("AveragePool");
    expect(linearEncoder(encoder, 8).inputs.get("x")?.shape).toEqual([1, 3, 8, 8]);
  });

  it("refuses a size that does not average down", () => {
    expect(() => linearEncoder(encoder, 7)).toThrow(
      /takes 12 numbers, which no picture of 7 pixels averages to/,
    );
  });
});
