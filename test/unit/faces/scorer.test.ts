import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  alignmentQuad,
  cropQuad,
  decodePicture,
  FACE_ATTRIBUTES,
  FFHQ_ALIGNMENT,
  identityDistance,
  toTensor,
  type Face,
  type Picture,
} from "../../../src/engine/faces";
import {
  gradient,
  gradientName,
  GraphBuilder,
  reduceSum,
  square,
  type Graph,
} from "../../../src/engine/onnx";
import { testFaceNets } from "../../support/faceNets";
import { runGraph } from "../../support/runGraph";

const TIGHT = { scale: 0.62, centre: 0.5 };

let faceNets: Awaited<ReturnType<typeof testFaceNets>>;
let astronaut: Picture;
let face: Face;

beforeAll(async () => {
  faceNets = await testFaceNets();
  astronaut = await decodePicture(join(import.meta.dirname, "../../fixtures/photos/astronaut.png"));
  [face] = (await faceNets.nets.detect(astronaut)) as [Face];
});

afterAll(async () => {
  await faceNets.close();
});

function crop(alignment: typeof TIGHT, size: number): Picture {
  return cropQuad(astronaut, alignmentQuad(face.landmarks, alignment), size);
}

const index = (name: string): number => FACE_ATTRIBUTES.findIndex((attribute) => attribute.name === name);

describe("scoreFaces", () => {
  it("scores crops of any alignment alike", async () => {
    const tight = await faceNets.nets.scoreFaces(toTensor(crop(TIGHT, 128)), 1, TIGHT);
    const wide = await faceNets.nets.scoreFaces(toTensor(crop(FFHQ_ALIGNMENT, 256)), 1, FFHQ_ALIGNMENT);
    expect(tight.length).toBe(FACE_ATTRIBUTES.length);
    for (const [name, tolerance] of [
      ["age", 8],
      ["yaw", 6],
      ["pitch", 8],
      ["mouth-width", 0.1],
      ["eyes-open", 0.06],
      ["brightness", 0.5],
    ] as const) {
      expect(Math.abs((tight[index(name)] ?? NaN) - (wide[index(name)] ?? NaN)), name).toBeLessThan(
        tolerance,
      );
    }
    for (const scores of [tight, wide]) {
      expect(scores[index("smile")]).toBeGreaterThan(0);
      expect(scores[index("gender")]).toBeLessThan(0);
    }
  });

  it("gives each picture of a batch what it gets alone, whatever lies outside of [-1, 1]", async () => {
    const one = toTensor(crop(TIGHT, 64));
    const two = one.map((value) => value * 1.3 - 0.1);
    const clipped = two.map((value) => Math.min(1, Math.max(-1, value)));
    const both = await faceNets.nets.scoreFaces(Float32Array.of(...one, ...two), 2, TIGHT);
    const first = await faceNets.nets.scoreFaces(one, 1, TIGHT);
    const second = await faceNets.nets.scoreFaces(clipped, 1, TIGHT);
    [...first, ...second].forEach((value, at) => {
      expect(both[at]).toBeCloseTo(value, 2);
    });
    expect(second[index("brightness")]).not.toBeCloseTo(first[index("brightness")] ?? NaN, 2);
  });

  it("refuses what is no square pictures", async () => {
    await expect(faceNets.nets.scoreFaces(new Float32Array(10), 1, TIGHT)).rejects.toThrow(/10 numbers/);
  });
});

describe("graphs for losses", () => {
  it("embeds crops as embed does", async () => {
    const picture = crop(TIGHT, 150);
    const embedded = await faceNets.nets.embed(picture, TIGHT);
    const crops = await faceNets.nets.embedCrops(toTensor(picture), 1, TIGHT);
    expect(identityDistance(embedded, crops)).toBeLessThan(1e-3);
  });

  /** The slope of a loss along its gradient: the gradient's length, and the same by central differences. */
  async function slopes(net: Graph, output: string, size: number): Promise<[number, number]> {
    const builder = new GraphBuilder("loss");
    const x = builder.input("x", [1, 3, size, size]);
    const value = builder.inline(net, { x })[output];
    if (value === undefined) throw new Error(`no output ${output}`);
    builder.output("loss", reduceSum(square(value), undefined, false));
    const both = gradient(builder.build(), "loss", ["x"]);
    const picture = toTensor(crop(TIGHT, size));
    const { [gradientName("loss", "x")]: slope = new Float32Array() } = await runGraph(both, { x: picture });
    const length = Math.sqrt(slope.reduce((sum, part) => sum + part * part, 0));
    const step = 0.005;
    const at = async (distance: number): Promise<number> => {
      const moved = picture.map((pixel, index) => pixel + (distance * (slope[index] ?? NaN)) / length);
      const { loss = [] } = await runGraph(both, { x: moved });
      return loss[0] ?? NaN;
    };
    return [length, ((await at(step)) - (await at(-step))) / (2 * step)];
  }

  it.each(["embedding", "age", "gender", "expressions", "landmarks"])(
    "can be differentiated: %s",
    async (output) => {
      const net =
        output === "embedding"
          ? await faceNets.nets.identityGraph(64, TIGHT)
          : await faceNets.nets.scorerGraph(64, TIGHT);
      const [exact, measured] = await slopes(net, output, 64);
      expect(Math.abs(exact)).toBeGreaterThan(1e-4);
      expect(Math.abs(exact - measured) / Math.abs(exact)).toBeLessThan(0.05);
    },
  );
});
