import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recognitionDistances } from "../../../src/engine/inversion";
import {
  averagePool,
  conv,
  gradient,
  gradientName,
  GraphBuilder,
  relu,
  type Graph,
} from "../../../src/engine/onnx";
import { testFaceNets } from "../../support/faceNets";
import { Random } from "../../support/random";
import { runGraph } from "../../support/runGraph";

const SIZE = [20, 14] as const;
const COUNT = 3 * SIZE[0] * SIZE[1];
const [LARGE, SMALL] = [new Random(1).normals(24 * 3), new Random(2).normals(20 * 24)];

/** A net of two sizes with weights between channels only: at one place after the other, it is two small matrices. */
function twoLayers(): Graph {
  const builder = new GraphBuilder("recogniser");
  const x = builder.input("x", [1, 3, 150, 150]);
  const large = relu(conv(x, builder.constant(LARGE, [24, 3, 1, 1])));
  const small = relu(
    conv(averagePool(large, { kernel: [2, 2], strides: [2, 2] }), builder.constant(SMALL, [20, 24, 1, 1])),
  );
  builder.output("embedding", small);
  return builder.build();
}

const layer = (weights: Float32Array, input: readonly number[]): number[] =>
  Array.from({ length: weights.length / input.length }, (_, row) =>
    Math.max(
      0,
      input.reduce((sum, value, column) => sum + value * (weights[row * input.length + column] ?? NaN), 0),
    ),
  );

function squaredAngle(a: readonly number[], b: readonly number[]): number {
  const [lengthA, lengthB] = [Math.hypot(...a) + 1e-10, Math.hypot(...b) + 1e-10];
  return a.reduce((sum, value, i) => sum + (value / lengthA - (b[i] ?? NaN) / lengthB) ** 2, 0);
}

const plain = (colour: readonly number[]): Float32Array =>
  Float32Array.from({ length: COUNT }, (_, i) => colour[Math.floor((i * 3) / COUNT)] ?? NaN);

async function distanceOf(graph: Graph, a: Float32Array, b: Float32Array): Promise<number> {
  const { distance } = await runGraph(graph, { a, b });
  expect(distance).toHaveLength(1);
  return distance?.[0] ?? NaN;
}

/** The derivative along the gradient against a central difference of that step. */
async function checkSlope(graph: Graph, a: Float32Array, b: Float32Array, step: number): Promise<void> {
  for (const wrt of ["a", "b"] as const) {
    const results = await runGraph(gradient(graph, "distance", [wrt]), { a, b });
    const slope = results[gradientName("distance", wrt)] ?? expect.fail("no gradient");
    const length = Math.hypot(...slope);
    expect(length).toBeGreaterThan(0);
    const moved = async (by: number): Promise<number> => {
      const picture = (wrt === "a" ? a : b).map((value, i) => value + (by * (slope[i] ?? NaN)) / length);
      return wrt === "a" ? distanceOf(graph, picture, b) : distanceOf(graph, a, picture);
    };
    const difference = ((await moved(step)) - (await moved(-step))) / (2 * step);
    expect(Math.abs(difference / length - 1), `slope by ${wrt}`).toBeLessThan(0.02);
  }
}

/** Of the whole picture alone. */
const recognitionDistance = (recogniser: Graph): Graph => {
  const graph = recognitionDistances(recogniser, new Map([["whole", SIZE]]));
  const builder = new GraphBuilder("one view");
  const [a, b] = [builder.input("a", [1, 3, ...SIZE]), builder.input("b", [1, 3, ...SIZE])];
  const { "distance whole": distance = expect.fail("no distance") } = builder.inline(graph, {
    "a whole": a,
    "b whole": b,
  });
  builder.output("distance", distance);
  return builder.build();
};

describe("recognitionDistances", () => {
  const random = new Random(3);
  const [a, b] = [random.normals(COUNT), random.normals(COUNT)].map((picture) =>
    picture.map((value) => Math.tanh(value)),
  ) as [Float32Array, Float32Array];

  it("is the mean over sizes of the squared distance of features of unit length", async () => {
    const graph = recognitionDistance(twoLayers());
    const [first, second] = [
      [0.5, -0.25, 0.75],
      [-0.5, 0.5, 0.25],
    ] as const;
    const [largeA, largeB] = [layer(LARGE, first), layer(LARGE, second)];
    const expected =
      (squaredAngle(largeA, largeB) + squaredAngle(layer(SMALL, largeA), layer(SMALL, largeB))) / 2;
    expect(expected).toBeGreaterThan(0.05);
    expect(await distanceOf(graph, plain(first), plain(second))).toBeCloseTo(expected, 5);
  });

  it("tells of each view what it tells of that view alone", async () => {
    const sizes = new Map<"whole" | "at2", readonly [number, number]>([
      ["whole", SIZE],
      ["at2", [12, 10]],
    ]);
    const small = (picture: Float32Array): Float32Array => picture.slice(0, 3 * 12 * 10);
    const both = await runGraph(recognitionDistances(twoLayers(), sizes), {
      "a whole": a,
      "b whole": b,
      "a at2": small(a),
      "b at2": small(b),
    });
    const alone = await runGraph(recognitionDistances(twoLayers(), new Map([["at2", [12, 10]]])), {
      "a at2": small(a),
      "b at2": small(b),
    });
    expect(both["distance whole"]?.[0]).toBeCloseTo(
      await distanceOf(recognitionDistance(twoLayers()), a, b),
      6,
    );
    expect(both["distance at2"]?.[0]).toBeCloseTo(alone["distance at2"]?.[0] ?? NaN, 6);
    expect(both["distance at2"]?.[0]).not.toBeCloseTo(both["distance whole"]?.[0] ?? NaN, 3);
  });

  it("has the derivatives that differences have", async () => {
    await checkSlope(recognitionDistance(twoLayers()), a, b, 0.01);
  });

  describe("with the recognition net", () => {
    let faceNets: Awaited<ReturnType<typeof testFaceNets>>;
    let graph: Graph;
    beforeAll(async () => {
      faceNets = await testFaceNets();
      graph = recognitionDistance(await faceNets.nets.graph("recogniser"));
    });
    afterAll(() => faceNets.close());

    it("is nothing for equal pictures, equal both ways, and more for what differs more", async () => {
      expect(await distanceOf(graph, a, a)).toBe(0);
      const far = await distanceOf(graph, a, b);
      expect(await distanceOf(graph, b, a)).toBeCloseTo(far, 6);
      const halfway = a.map((value, i) => 0.8 * value + 0.2 * (b[i] ?? NaN));
      const near = await distanceOf(graph, a, halfway);
      expect(near).toBeGreaterThan(0);
      expect(near).toBeLessThan(far);
      expect(far).toBeLessThan(2);
    });

    it("has the derivatives that differences have", async () => {
      await checkSlope(graph, a, b, 0.02);
    });
  });
});
