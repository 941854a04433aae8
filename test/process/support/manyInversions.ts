/**
 * Inverts two hundred crops one after the other in this process (run with --expose-gc) by each method, and writes what
 * it saw as JSON: node manyInversions.js PACK
 */
import type { FaceNets } from "../../../src/engine/faces";
import {
  Inverter,
  RfmInverter,
  type FaceInverter,
  type InversionResult,
} from "../../../src/engine/inversion";
import { openModel, openPack, type Model } from "../../../src/engine/models";
import { openRuntime } from "../../../src/engine/runtime";
import { Random } from "../../support/random";

/** What one method did. */
export interface ManyInversions {
  /** Inversions whose code and picture are, to the bit, those of an inverter that did nothing else. */
  readonly equal: number;
  readonly iterations: readonly number[];
  /** Bytes that JavaScript holds (with what it holds outside of its heap) after the 50th and after the last one. */
  readonly held: readonly [number, number];
  /** Bytes of the whole process at the same times. */
  readonly resident: readonly [number, number];
}

const COUNT = 200;
const WARM = 50;
/** Neither method asks the face nets here. */
const noFaceNets = { sha256: "none" } as unknown as FaceNets;

const METHODS: Readonly<
  Record<string, (model: Model) => { inverter: FaceInverter<object>; options: object }>
> = {
  fast: (model) => ({
    inverter: new Inverter(model, noFaceNets),
    options: { iterations: 4, identityWeight: 0 },
  }),
  rfm: (model) => ({
    inverter: new RfmInverter(model, noFaceNets, undefined),
    options: { iterations: 2, perceptual: 0, optimize: "latent" },
  }),
};

async function invertMany(model: Model, method: (typeof METHODS)[string]): Promise<ManyInversions> {
  const random = new Random(4);
  const crops = Array.from({ length: 3 }, () =>
    random.normals(model.pictureSize).map((value) => Math.tanh(value)),
  );
  const alone: string[] = [];
  for (const x of crops) {
    const { inverter, options } = method(model);
    alone.push(textOf(await inverter.invert({ x }, options)));
    await inverter.dispose();
  }
  const { inverter, options } = method(model);
  let equal = 0;
  const iterations = new Set<number>();
  const memory = { held: [0, 0] as [number, number], resident: [0, 0] as [number, number] };
  for (let i = 0; i < COUNT; i++) {
    const result = await inverter.invert({ x: crops[i % crops.length] ?? new Float32Array() }, options);
    equal += Number(textOf(result) === alone[i % crops.length]);
    iterations.add(result.iterations);
    const moment = [WARM, COUNT].indexOf(i + 1);
    if (moment >= 0) {
      globalThis.gc?.();
      const { heapUsed, external, rss } = process.memoryUsage();
      memory.held[moment] = heapUsed + external;
      memory.resident[moment] = rss;
    }
  }
  await inverter.dispose();
  return { equal, iterations: [...iterations], ...memory };
}

function textOf({ w, reconstruction }: InversionResult): string {
  return [w, reconstruction]
    .map(({ buffer, byteOffset, byteLength }) =>
      Buffer.from(buffer, byteOffset, byteLength).toString("base64"),
    )
    .join();
}

async function main(pack: string): Promise<void> {
  const runtime = await openRuntime("cpu");
  const model = await openModel(await openPack(pack), runtime);
  const told: Record<string, ManyInversions> = {};
  for (const [name, method] of Object.entries(METHODS)) told[name] = await invertMany(model, method);
  await model.dispose();
  await runtime.dispose();
  process.stdout.write(JSON.stringify(told));
}

void main(process.argv[2] ?? "");
