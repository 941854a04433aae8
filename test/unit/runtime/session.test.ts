import { afterAll, describe, expect, it } from "vitest";
import { CancelledError, RfmError } from "../../../src/engine/files";
import { add, cast, conv, GraphBuilder, matmul, mul, writeModel, type Graph } from "../../../src/engine/onnx";
import { openRuntime } from "../../../src/engine/runtime";

const runtime = await openRuntime("cpu");
afterAll(() => runtime.dispose());

/** y = 2x + 1, z = x * x, both [2, 3]. */
function twoOutputs(): Graph {
  const builder = new GraphBuilder("two-outputs");
  const x = builder.input("x", [2, 3]);
  builder.output("y", add(mul(x, 2), 1));
  builder.output("z", mul(x, x));
  return builder.build();
}

/** A run of roughly ten milliseconds or more on any machine. */
function slow(): Graph {
  const builder = new GraphBuilder("slow");
  const x = builder.input("x", [1, 32, 128, 128]);
  const weight = builder.constant(new Float32Array(32 * 32 * 9).fill(0.01), [32, 32, 3, 3]);
  builder.output("y", conv(conv(x, weight, { pads: [1, 1, 1, 1] }), weight, { pads: [1, 1, 1, 1] }));
  return builder.build();
}
const SLOW_FEED = { x: new Float32Array(32 * 128 * 128).fill(1) };

const X = Float32Array.of(1, 2, 3, 4, 5, 6);

describe("a session", () => {
  it("knows its inputs and outputs", async () => {
    const session = await runtime.compile(twoOutputs());
    expect([...session.inputs]).toEqual([["x", { type: "float32", shape: [2, 3] }]]);
    expect([...session.outputs.keys()]).toEqual(["y", "z"]);
    expect(session.outputs.get("z")).toEqual({ type: "float32", shape: [2, 3] });
  });

  it("computes, and overwrites the arrays of the run before", async () => {
    const session = await runtime.compile(twoOutputs());
    const first = await session.run({ x: X });
    expect(first).toEqual({
      y: Float32Array.of(3, 5, 7, 9, 11, 13),
      z: Float32Array.of(1, 4, 9, 16, 25, 36),
    });
    const second = await session.run({ x: new Float32Array(6) });
    expect(second["y"]).toBe(first["y"]);
    expect(first["y"]).toEqual(new Float32Array(6).fill(1));
  });

  it("may be fed its own result", async () => {
    const session = await runtime.compile(twoOutputs());
    let x: Float32Array = X;
    for (let step = 0; step < 3; step++) x = (await session.run({ x }))["y"] ?? x;
    expect(x).toEqual(Float32Array.of(15, 23, 31, 39, 47, 55));
  });

  it("runs queued calls in order, each seeing its own feed", async () => {
    const session = await runtime.compile(twoOutputs());
    const sums: number[] = [];
    await Promise.all(
      [1, 2, 3].map(async (value) => {
        const { y } = await session.run({ x: new Float32Array(6).fill(value) });
        sums.push(y?.[0] ?? NaN);
      }),
    );
    expect(sums).toEqual([3, 5, 7]);
  });

  it("takes the bytes of a model and sizes for its named axes", async () => {
    const builder = new GraphBuilder("batched");
    const x = builder.input("x", [1, 3]);
    builder.output("y", matmul(x, builder.constant([1, 1, 1], [3, 1])));
    const bytes = writeModel(builder.build(), { batch: "N" });
    const session = await runtime.compile(bytes, { symbols: { N: 2 } });
    expect(session.inputs.get("x")?.shape).toEqual([2, 3]);
    expect((await session.run({ x: X }))["y"]).toEqual(Float32Array.of(6, 15));
    await expect(runtime.compile(bytes, { name: "batched.onnx" })).rejects.toThrow(
      'The axis "N" of x in batched.onnx has no size',
    );
  });

  it("feeds 64-bit integers", async () => {
    const builder = new GraphBuilder("integers");
    builder.output("y", cast(builder.input("i", [2], "int64"), "float32"));
    const session = await runtime.compile(builder.build());
    expect((await session.run({ i: BigInt64Array.of(7n, -2n) }))["y"]).toEqual(Float32Array.of(7, -2));
  });
});

describe("wrong feeds are told by name", () => {
  it.each([
    [{}, "The input x of two-outputs wants float32[2,3] but gets nothing; feed an array that fits."],
    [{ x: new Float32Array(5) }, "but gets Float32Array of 5"],
    [{ x: new Float64Array(6) }, "but gets Float64Array of 6"],
    [{ x: X, noise: X }, "two-outputs has no input noise; it takes x."],
  ])("%#", async (feeds, sentence) => {
    const session = await runtime.compile(twoOutputs());
    await expect(session.run(feeds)).rejects.toThrow(sentence);
    await expect(session.run({ x: X })).resolves.toHaveProperty("y");
  });
});

describe("broken models", () => {
  it("are refused with one sentence", async () => {
    const error: unknown = await runtime
      .compile(Uint8Array.of(1, 2, 3), { name: "broken.onnx" })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RfmError);
    expect((error as RfmError).code).toBe("graph");
    expect((error as RfmError).message).toMatch(/^broken\.onnx cannot be prepared for cpu \([^\n]+\); .+\.$/);
  });

  it("with outputs that are not float32 are refused", async () => {
    const builder = new GraphBuilder("whole");
    builder.output("i", cast(builder.input("x", [2]), "int64"));
    await expect(runtime.compile(builder.build())).rejects.toThrow("The output i of whole is int64");
  });
});

describe("cancelling", () => {
  it("stops before a run begins, in the queue too", async () => {
    const session = await runtime.compile(slow());
    const controller = new AbortController();
    const runs = [1, 2, 3].map(() => session.run(SLOW_FEED, controller.signal));
    const settled = Promise.allSettled(runs);
    await runs[0];
    controller.abort();
    const results = await settled;
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    await expect(runs[2]).rejects.toBeInstanceOf(CancelledError);
    await expect(session.run(SLOW_FEED)).resolves.toHaveProperty("y");
  });

  it("gets through a loop of runs: the event loop turns between them", async () => {
    const session = await runtime.compile(slow());
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort();
    }, 30);
    let runs = 0;
    const loop = (async () => {
      for (; runs < 10_000; runs++) await session.run(SLOW_FEED, controller.signal);
    })();
    await expect(loop).rejects.toBeInstanceOf(CancelledError);
    expect(runs).toBeGreaterThan(0);
  });
});

describe("release", () => {
  it("waits for runs that nobody awaits", async () => {
    const session = await runtime.compile(slow());
    const run = session.run(SLOW_FEED);
    await session.release();
    await expect(run).resolves.toHaveProperty("y");
  });

  it("may be called twice; later runs are refused", async () => {
    const session = await runtime.compile(twoOutputs());
    await Promise.all([session.release(), session.release()]);
    await expect(session.run({ x: X })).rejects.toThrow("The session of two-outputs is released");
  });

  it("happens to every session when the runtime goes", async () => {
    const own = await openRuntime("cpu");
    const session = await own.compile(twoOutputs());
    await own.dispose();
    await expect(session.run({ x: X })).rejects.toThrow("is released");
  });
});
