import { describe, expect, it } from "vitest";
import { openCheckpoint } from "../../../src/engine/checkpoints";
import {
  celebaClassifierGraph,
  classifierGroups,
  classifierScores,
  recogniseClassifier,
  recogniseGenerator,
  type CelebaClassifier,
  type ClassifierSource,
} from "../../../src/engine/networks";
import { gradient, gradientName, GraphBuilder, reduceSum, type Graph } from "../../../src/engine/onnx";
import { atBatch, difference, fixtureNumbers } from "../../support/networks";
import { runGraph } from "../../support/runGraph";
import { fixturePath, wavyPictures } from "../../support/wavyPictures";

const MALE = "celebahq-classifier-00-male.pkl";
const YOUNG = "celebahq-classifier-04-young.pkl";
const EYEGLASSES = "celebahq-classifier-19-eyeglasses.pkl";
const RENAMED = "renamed.pkl";

async function source(name: string): Promise<ClassifierSource> {
  const found = recogniseClassifier(await openCheckpoint(fixturePath(`celebaClassifier/${name}`)));
  if (found === undefined) throw new Error(`${name} was not recognised`);
  return found;
}

async function loaded(name: string): Promise<CelebaClassifier> {
  return await (await source(name)).load();
}

const expectedNumbers = (): Promise<(tensor: string) => Float32Array> =>
  fixtureNumbers(fixturePath("celebaClassifier/expected.safetensors"));

describe("what a classifier is for", () => {
  it.each([
    [MALE, 0, "male", 32],
    [YOUNG, 4, "young", 32],
    [EYEGLASSES, 19, "eyeglasses", 256],
    [RENAMED, 31, "receding-hairline", 32],
  ])("%s", async (file, index, name, resolution) => {
    const { attribute, record, resolution: side } = await source(file);
    expect({ attribute, side }).toEqual({ attribute: { index, name }, side: resolution });
    expect(record).toMatchObject({ name, unit: "logit", threshold: 0 });
    expect(record.description?.includes("-1 male, 1 female")).toBe(index === 0);
  });

  it("is nothing where the file is a generator, whose discriminator looks the same", async () => {
    const file = await openCheckpoint(fixturePath("stylegan2/tensorflow-16.pkl"));
    expect(recogniseClassifier(file)).toBeUndefined();
    expect(
      recogniseGenerator([await openCheckpoint(fixturePath(`celebaClassifier/${MALE}`))]),
    ).toBeUndefined();
  });
});

describe("logits against PyTorch", () => {
  it.each([
    [MALE, 32],
    [YOUNG, 32],
    [RENAMED, 32],
    [EYEGLASSES, 256],
  ])("%s, each picture as if it were alone", async (file, side) => {
    const expected = (await expectedNumbers())(file);
    const graph = celebaClassifierGraph(await loaded(file));
    const x = wavyPictures(0, 3, 3 * side ** 2);
    const together = await runGraph(atBatch(graph, 3), { x });
    expect(difference(together["logit"], expected)).toBeLessThan(1e-5);
    const alone = await runGraph(atBatch(graph, 1), { x: x.subarray(0, 3 * side ** 2) });
    expect(difference(alone["logit"], expected.subarray(0, 1))).toBeLessThan(1e-5);
  });

  it("would differ if pictures were compared with each other", async () => {
    const expected = await expectedNumbers();
    expect(difference(expected("together"), expected(MALE))).toBeGreaterThan(1e-2);
  });
});

describe("several classifiers as one graph", () => {
  it("gives their logits side by side", async () => {
    const expected = await expectedNumbers();
    const graph = classifierScores([await loaded(YOUNG), await loaded(MALE)]);
    const { scores } = await runGraph(atBatch(graph, 3), { x: wavyPictures(0, 3, 3 * 32 ** 2) });
    const pairs = [0, 1, 2].flatMap((i) => [expected(YOUNG)[i] ?? NaN, expected(MALE)[i] ?? NaN]);
    expect(difference(scores, Float32Array.from(pairs))).toBeLessThan(1e-5);
  });

  /** Pixels picked up and left of where they would lie, as PyTorch's "nearest". */
  function nearest(picture: Float32Array, from: number, to: number): Float32Array {
    return Float32Array.from({ length: 3 * to * to }, (_, at) => {
      const [channel, row, column] = [Math.floor(at / to ** 2), Math.floor(at / to) % to, at % to];
      const pixel = Math.floor((row * from) / to) * from + Math.floor((column * from) / to);
      return picture[channel * from ** 2 + pixel] ?? NaN;
    });
  }

  it.each([16, 64, 128, 48, 20])("resizes pictures of %d pixels to the nearest pixel", async (side) => {
    const classifier = await loaded(MALE);
    const x = wavyPictures(0, 1, 3 * side ** 2);
    const own = await runGraph(celebaClassifierGraph(classifier), { x: nearest(x, side, 32) });
    const { scores } = await runGraph(classifierScores([classifier], side), { x });
    expect(difference(scores, own["logit"] ?? new Float32Array(1))).toBeLessThan(1e-6);
  });

  it("can be differentiated with respect to the picture", async () => {
    const graph = classifierScores([await loaded(MALE)], 64);
    const loss = summed(graph, 64);
    const x = wavyPictures(0, 1, 3 * 64 ** 2);
    const results = await runGraph(gradient(loss, "loss", ["x"]), { x });
    const slopes = results[gradientName("loss", "x")] ?? new Float32Array(0);
    // Along its own gradient a score rises by the gradient's square length.
    const length = Math.hypot(...slopes);
    const value = async (step: number): Promise<number> => {
      const moved = x.map((pixel, i) => pixel + (step * (slopes[i] ?? 0)) / length);
      return (await runGraph(loss, { x: moved }))["loss"]?.[0] ?? NaN;
    };
    const rise = ((await value(1e-2)) - (await value(-1e-2))) / 2e-2;
    expect(rise / length).toBeCloseTo(1, 2);
  });

  function summed(graph: Graph, side: number): Graph {
    const builder = new GraphBuilder("loss");
    const { scores } = builder.inline(graph, { x: builder.input("x", [1, 3, side, side]) });
    if (scores === undefined) throw new Error("the graph has no scores");
    builder.output("loss", reduceSum(scores));
    return builder.build();
  }

  it("parts what is too large for one file, in order", async () => {
    const classifiers = [await loaded(MALE), await loaded(YOUNG), await loaded(RENAMED)];
    const bytes = classifiers.map(({ weights }) =>
      [...weights.values()].reduce((sum, { data }) => sum + data.byteLength, 0),
    );
    const room = (bytes[0] ?? 0) + (bytes[1] ?? 0);
    expect(classifierGroups(classifiers, room)).toEqual([classifiers.slice(0, 2), classifiers.slice(2)]);
    expect(classifierGroups(classifiers, 1)).toEqual(classifiers.map((one) => [one]));
    expect(classifierGroups(classifiers)).toEqual([classifiers]);
  });

  it("refuses classifiers of different sizes, and none", async () => {
    const [male, eyeglasses] = [await loaded(MALE), await loaded(EYEGLASSES)];
    expect(() => classifierScores([male, eyeglasses])).toThrow(/pictures of 32 and 256 pixels/);
    expect(() => classifierScores([])).toThrow(/No classifiers were given/);
  });
});
