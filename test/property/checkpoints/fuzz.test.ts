import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  memorySource,
  parseCheckpoint,
  readAll,
  writeNpy,
  writeSafetensors,
} from "../../../src/engine/checkpoints";
import { RfmError } from "../../../src/engine/files";
import { GraphBuilder, mul, writeModel } from "../../../src/engine/onnx";
import { mutated } from "../../support/mutate";
import { Random } from "../../support/random";

/** `npm run fuzz` goes on for much longer. */
const LONG = process.env["MODE"] === "fuzz";
const MUTATIONS = LONG ? 20_000 : 500;
/** Bytes above what was in use before, however broken the file. */
const MEMORY = 300 << 20;

const folder = fileURLToPath(new URL("../../fixtures/checkpoints/pickled/", import.meta.url));
const numbers = Float32Array.from({ length: 6 }, (_, i) => i);

function smallModel(): Uint8Array {
  const builder = new GraphBuilder("small");
  builder.output(
    "y",
    mul(builder.input("x", [1, 6]), builder.initializer("w", { type: "float32", shape: [6], data: numbers })),
  );
  return writeModel(builder.build());
}

const files: readonly (readonly [string, Uint8Array])[] = [
  ...readdirSync(folder)
    .filter((name) => !name.endsWith(".json"))
    .map((name): [string, Uint8Array] => [name, new Uint8Array(readFileSync(folder + name))]),
  ["array.npy", writeNpy(numbers, [2, 3])],
  [
    "weights.safetensors",
    writeSafetensors(new Map([["a", { dtype: "float32", shape: [2, 3], data: numbers }]])),
  ],
  ["model.onnx", smallModel()],
];

/** Reads everything there is; refusals must be sentences. @returns whether it was read */
async function read(bytes: Uint8Array): Promise<boolean> {
  try {
    await readAll(await parseCheckpoint(memorySource(bytes, "x")));
    return true;
  } catch (error) {
    if (!(error instanceof RfmError)) throw error;
    expect(error.message).toMatch(/^x[^\n]* [^\n]+; [^\n]+\.$/);
    return false;
  }
}

describe.each(files)("%s", (name, bytes) => {
  it("is read as it is", async () => {
    expect(await read(bytes)).toBe(true);
  });

  it("is refused wherever it is cut off", async () => {
    const step = LONG ? 1 : Math.max(1, Math.floor(bytes.length / 600));
    for (let end = 0; end < bytes.length; end += step) {
      // What follows the last operation of a pickle or the last tensor of a model is of no account.
      if (await read(bytes.subarray(0, end)))
        expect(bytes.length - end, `${name} cut at ${end}`).toBeLessThan(64);
    }
  });

  it(
    `survives ${MUTATIONS} mutations within its memory`,
    async () => {
      const random = new Random(bytes.length);
      const before = process.memoryUsage.rss();
      for (let round = 0; round < MUTATIONS; round++) await read(mutated(bytes, random));
      expect(process.memoryUsage.rss() - before).toBeLessThan(MEMORY);
    },
    LONG ? 3_600_000 : 60_000,
  );
});
