import { describe, expect, it } from "vitest";
import { RfmError } from "../../../src/engine/files";
import { AUTO_ORDER, libraryVersion, openRuntime, type ProviderName } from "../../../src/engine/runtime";
import { largestDifference } from "../../../src/engine/runtime/probe";
import { usableCores } from "../../../src/engine/runtime/threads";

describe("auto", () => {
  it("tries the providers in order until one is taken, with a sentence for each", async () => {
    const runtime = await openRuntime("auto");
    const tried = runtime.attempts.map(({ provider }) => provider);
    expect(tried).toEqual(AUTO_ORDER.slice(0, tried.length));
    expect(runtime.attempts.map(({ ok }) => ok)).toEqual(
      tried.map((provider) => provider === runtime.provider),
    );
    for (const { reason } of runtime.attempts) expect(reason).toMatch(/^[A-Z][^\n]+\.$/);
    await runtime.dispose();
  });

  it("remembers: a second time tries nothing anew", async () => {
    const first = await openRuntime("auto");
    const second = await openRuntime("auto");
    for (const [index, attempt] of first.attempts.entries()) expect(second.attempts[index]).toBe(attempt);
  });
});

describe("a provider by name", () => {
  it("is taken when it works", async () => {
    const runtime = await openRuntime("cpu", { threads: 1 });
    expect(runtime).toMatchObject({ provider: "cpu", threads: 1 });
    expect(runtime.attempts).toEqual([{ provider: "cpu", ok: true, reason: "The CPU always works." }]);
  });

  const elsewhere: ProviderName = process.platform === "darwin" ? "dml" : "coreml";
  it.each<[ProviderName, RegExp]>([
    [
      elsewhere,
      /^The provider \w+ cannot be used here: ONNX Runtime has no \w+ for \S+; choose one of .*cpu.*/,
    ],
    ["cuda", /^The provider cuda cannot be used here: .*(CUDA library|has no cuda).*/],
  ])("%s is refused with a sentence when it is missing, not replaced", async (provider, sentence) => {
    const error: unknown = await openRuntime(provider).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RfmError);
    expect((error as RfmError).code).toBe("provider");
    expect((error as RfmError).message).toMatch(sentence);
    expect((error as RfmError).message).not.toContain("\n");
  });
});

it("uses at least one thread and no more than there are processors", async () => {
  const { availableParallelism } = await import("node:os");
  expect(usableCores()).toBeGreaterThanOrEqual(1);
  expect(usableCores()).toBeLessThanOrEqual(availableParallelism());
});

it("tells the version of the library", async () => {
  expect(await libraryVersion()).toMatch(/^\d+\.\d+\.\d+$/);
});

it("takes no number for a right one when it is none", () => {
  expect(largestDifference(Float32Array.of(1, 2), Float32Array.of(1, 2.5))).toBe(0.5);
  expect(largestDifference(Float32Array.of(1, NaN), Float32Array.of(1, 2))).toBe(Infinity);
  expect(largestDifference(Float32Array.of(NaN), Float32Array.of(NaN))).toBe(Infinity);
  expect(largestDifference(Float32Array.of(1), Float32Array.of(1, 2))).toBe(Infinity);
});
