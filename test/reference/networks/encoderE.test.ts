import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { openCheckpoint } from "../../../src/engine/checkpoints";
import {
  encoderE,
  recogniseEncoder,
  recogniseGenerator,
  type ImportedEncoder,
} from "../../../src/engine/networks";
import { gradientName } from "../../../src/engine/onnx";
import { atBatch, difference, fixtureNumbers, meanSquares } from "../../support/networks";
import { runGraph } from "../../support/runGraph";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/encoderE/${name}`, import.meta.url));

/** The smooth pictures [2,3,S,S] that the fixtures were made of. */
function pictures(waves: Float32Array, side: number): Float32Array {
  const x = new Float32Array(2 * 3 * side ** 2);
  for (let plane = 0; plane < 6; plane++) {
    const [a = 0, b = 0, c = 0, d = 0] = waves.subarray(4 * plane);
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        const phase = 6 * a * (row / side) + 3 * b * (column / side) + 6 * c;
        x[(plane * side + row) * side + column] = Math.sin(phase) * (0.5 + 0.5 * d);
      }
    }
  }
  return x;
}

describe.each([
  { name: "16", resolution: 16, layers: 6, constChannels: 7 },
  { name: "128", resolution: 128, layers: 12, constChannels: 6 },
  { name: "plain-32", resolution: 32, layers: 8, constChannels: 6 },
])("the encoder E against PyTorch: $name", ({ name, resolution, layers, constChannels }) => {
  let encoder: ImportedEncoder;
  let expected: (name: string) => Float32Array;
  let x: Float32Array;

  beforeAll(async () => {
    const files = [await openCheckpoint(fixture(`${name}.pth`))];
    expect(recogniseGenerator(files)).toBeUndefined();
    const source = recogniseEncoder(files);
    if (source === undefined) throw new Error("no encoder was recognised");
    encoder = await source.load();
    expected = await fixtureNumbers(fixture(`${name}.expected.safetensors`));
    x = pictures(expected("waves"), resolution);
  });

  it("says what it is", () => {
    expect(encoder).toMatchObject({ resolution, layers, constChannels, wDimension: 12 });
  });

  it("encodes two pictures at once", async () => {
    const results = await runGraph(atBatch(encoderE(encoder.weights), 2), { x });
    expect(difference(results["w"], expected("w"))).toBeLessThan(1e-5);
    expect(difference(results["const"], expected("const"))).toBeLessThan(1e-5);
  });

  it("differentiates with respect to its weights", async () => {
    const names = [
      "decode_block.0.conv_1.weight",
      "decode_block.0.conv_2.weight",
      "decode_block.1.conv_2.weight",
    ];
    const graph = meanSquares(atBatch(encoderE(encoder.weights), 1), names);
    const feeds = names.map((each) => [each, encoder.weights.get(each)?.data as Float32Array] as const);
    const results = await runGraph(graph, { x: x.subarray(0, x.length / 2), ...Object.fromEntries(feeds) });
    for (const each of names) {
      const actual = results[gradientName("loss", each)];
      expect(difference(actual, expected(`gradient.${each}`)), each).toBeLessThan(1e-4);
    }
  });
});
