import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DirectionDocument, LabelsDocument, RfmError } from "../../src/engine/files";
import { EngineClient } from "../../src/extension/process/client";
import {
  DirectionRequests,
  type DirectionEntry,
  type FileEntry,
  type WorkProgress,
} from "../../src/protocol/directions";
import { bundle } from "./support/bundle";

const ROOT = join(import.meta.dirname, "..", "..");
const MODELS = join(ROOT, "dist", "models");
const DEMO = join(MODELS, "demo");
/** Few faces: enough for a fit, and labelled in seconds. */
const SEEDS = { start: 0, end: 96 };

let client: EngineClient;
let folder: string;
const inFolder = (name: string): string => join(folder, name);
const labels = (): string => inFolder("small.labels.json");

beforeAll(async () => {
  if (!existsSync(join(DEMO, "model.json"))) throw new Error("Build the model packs first: npm run build");
  folder = await mkdtemp(join(tmpdir(), "rfm-directions-"));
  client = new EngineClient({
    entry: await bundle("src/extension/process/main.ts", "engine"),
    settings: { provider: "cpu", modelsRoot: MODELS, allowedModelRoots: [] },
    // A batch under way is finished before the cancellation is seen.
    graceMilliseconds: 60_000,
  });
});

afterAll(async () => {
  await client.dispose();
  await rm(folder, { recursive: true, force: true });
});

const failure = (promise: Promise<unknown>): Promise<RfmError> =>
  promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error as RfmError,
  );

async function json<Document>(path: string): Promise<Document> {
  return JSON.parse(await readFile(path, "utf8")) as Document;
}

async function entries(...files: string[]): Promise<readonly FileEntry[]> {
  return (await client.request(DirectionRequests.summariseFiles, { files, model: DEMO })).files;
}

async function shipped(name: string): Promise<DirectionEntry> {
  const { own } = await client.request(DirectionRequests.summariseFiles, { files: [], model: DEMO });
  const found = own.find((entry) => entry.name === name);
  if (found?.kind !== "direction") throw new Error(`The model has no direction ${name}.`);
  return found;
}

describe("label sets", () => {
  it("are stopped without losing a finished face, and resumed", async () => {
    const stop = new AbortController();
    const path = labels();
    const stopped = await failure(
      client.request(
        DirectionRequests.createLabelSet,
        { path, model: DEMO, seeds: SEEDS },
        {
          signal: stop.signal,
          onProgress: ({ done }) => {
            if (done >= 32) stop.abort();
          },
        },
      ),
    );
    expect(stopped.code).toBe("cancelled");
    const [left] = await entries(path);
    expect(left).toMatchObject({ kind: "labels", count: 96 });

    const seen: WorkProgress[] = [];
    await client.request(
      DirectionRequests.resumeLabelSet,
      { path, models: [DEMO] },
      { onProgress: (step) => seen.push(step) },
    );
    // The first 32 faces were not labelled again.
    expect(seen[0]?.done).toBeGreaterThan(32);
    const [whole] = await entries(path);
    expect(whole).toMatchObject({ done: 96, seeds: SEEDS, name: "small", model: "demo" });
    expect(whole?.kind === "labels" && whole.attributes.map(({ name }) => name)).toContain("smile");
  });

  it("are not begun twice under one name", async () => {
    const again = client.request(DirectionRequests.createLabelSet, {
      path: labels(),
      model: DEMO,
      seeds: SEEDS,
    });
    expect((await failure(again)).message).toContain("small.labels.json exists already");
  });
});

describe("summariseFiles", () => {
  it("lists the model's own directions", async () => {
    const smile = await shipped("smile");
    expect(smile).toMatchObject({ attribute: "smile", space: "w", model: "demo" });
    expect(smile.auc).toBeGreaterThan(0.9);
    expect(smile.misfit).toBeUndefined();
  });

  it("tells in a sentence why a file cannot be used, and goes on with the others", async () => {
    const smile = await json<DirectionDocument>((await shipped("smile")).path);
    const set = await json<LabelsDocument>(labels());
    const write = async (name: string, document: object | string): Promise<string> => {
      const text = typeof document === "string" ? document : JSON.stringify(document);
      await writeFile(inFolder(name), text);
      return inFolder(name);
    };
    const other = { name: "another", sha256: "0".repeat(64) };
    const found = await entries(
      await write("good.direction.json", smile),
      await write("foreign.direction.json", { ...smile, model: other }),
      await write("retrained.direction.json", { ...smile, model: { ...other, name: "demo" } }),
      await write("short.direction.json", { ...smile, shape: [4], vector: [0.5, 0.5, 0.5, 0.5] }),
      await write("z.direction.json", { ...smile, space: "z" }),
      await write("high.direction.json", { ...smile, layers: [0, 18] }),
      await write("torn.direction.json", '{"kind": "direction", '),
      await write("foreign.labels.json", { ...set, model: other }),
      inFolder("missing.direction.json"),
    );
    const told = found.map((entry) => (entry.kind === "broken" ? entry.message : entry.misfit));
    expect(told[0]).toBeUndefined();
    expect(told[1]).toMatch(/foreign\.direction\.json is a direction of the model another, not of demo/);
    expect(told[2]).toMatch(/a model demo of other weights/);
    expect(told[3]).toMatch(/in w of 4 numbers/);
    expect(told[4]).toMatch(/direction in z/);
    expect(told[5]).toMatch(/layers 0:18, but demo has only 10/);
    expect(told[6]).toContain("torn.direction.json");
    expect(told[7]).toMatch(/foreign\.labels\.json is a label set of the model another/);
    expect(told[8]).toContain("missing.direction.json");
  });

  it("sees a file that changed", async () => {
    const path = inFolder("good.direction.json");
    const document = await json<DirectionDocument>(path);
    await writeFile(path, JSON.stringify({ ...document, attribute: "grin" }));
    expect((await entries(path))[0]).toMatchObject({ attribute: "grin" });
  });

  it("refuses a model that may not be loaded", async () => {
    const asked = client.request(DirectionRequests.summariseFiles, { files: [], model: tmpdir() });
    expect((await failure(asked)).code).toBe("model");
  });
});

describe("fitDirections", () => {
  it("writes each direction, and tells of the attributes that have none", async () => {
    const { written, failures, warnings, cancelled } = await client.request(DirectionRequests.fitDirections, {
      labelSet: labels(),
      attributes: ["smile", "age", "smiel"],
      choices: { penalty: "l2", C: 0.1 },
      measure: false,
      output: inFolder("fitted"),
      overwrite: false,
      models: [DEMO],
    });
    expect(cancelled).toBe(false);
    expect(written.map(({ attribute }) => attribute).sort()).toEqual(["age", "smile"]);
    expect(failures).toEqual([{ attribute: "smiel", message: expect.stringContaining("smile") as string }]);
    expect(warnings.join(" ")).toMatch(/fewer than the 512/);
    const smile = await json<DirectionDocument>(inFolder("fitted/smile.direction.json"));
    expect(smile).toMatchObject({ labelSet: { name: "small" }, solver: { penalty: "l2", C: 0.1 } });
    expect((await entries(inFolder("fitted/smile.direction.json")))[0]).not.toHaveProperty("misfit");
  });

  it("keeps directions that are there unless they shall be replaced", async () => {
    const parameters = {
      labelSet: labels(),
      attributes: ["smile"],
      choices: {},
      measure: false,
      output: inFolder("fitted"),
      models: [DEMO],
    };
    const beside = await client.request(DirectionRequests.fitDirections, { ...parameters, overwrite: false });
    expect(beside.written[0]?.path).toBe(inFolder("fitted/smile (2).direction.json"));
    const instead = await client.request(DirectionRequests.fitDirections, { ...parameters, overwrite: true });
    expect(instead.written[0]?.path).toBe(inFolder("fitted/smile.direction.json"));
  });

  it("refuses a label set whose model is not here", async () => {
    const asked = client.request(DirectionRequests.fitDirections, {
      labelSet: inFolder("foreign.labels.json"),
      attributes: ["smile"],
      choices: {},
      measure: false,
      output: inFolder("fitted"),
      overwrite: false,
      models: [DEMO],
    });
    expect((await failure(asked)).message).toMatch(/label set of the model another.*only demo here/);
  });
});

describe("editing directions", () => {
  it("turns one round", async () => {
    const smile = await shipped("smile");
    const output = inFolder("not-smile.direction.json");
    await client.request(DirectionRequests.combineDirections, {
      parts: [{ path: smile.path, weight: -1 }],
      name: "not-smile",
      output,
      models: [DEMO],
    });
    const [before, after] = [
      await json<DirectionDocument>(smile.path),
      await json<DirectionDocument>(output),
    ];
    const numbers = (after.vector as number[]).map((value) => -value);
    const expected = before.vector as number[];
    expect(numbers.every((value, index) => Math.abs(value - (expected[index] ?? NaN)) < 1e-6)).toBe(true);
    expect(after.sigma).toBeCloseTo(before.sigma ?? NaN, 4);
  });

  it("makes several orthogonal", async () => {
    const paths = await Promise.all(["smile", "age"].map(async (name) => (await shipped(name)).path));
    const written = await client.request(DirectionRequests.orthogonaliseDirections, {
      paths,
      method: "inOrder",
      output: inFolder("orthogonal"),
      models: [DEMO],
    });
    const [smile, age] = await Promise.all(
      written.map(async ({ path }) => (await json<DirectionDocument>(path)).vector.flat()),
    );
    const product = smile?.reduce((sum, value, index) => sum + value * (age?.[index] ?? NaN), 0);
    expect(product).toBeCloseTo(0, 5);
  });

  it("writes no document that is none", async () => {
    const smile = await json<DirectionDocument>((await shipped("smile")).path);
    const path = inFolder("strange.direction.json");
    const document = { ...smile, layers: [4, 2] } as unknown as DirectionDocument;
    const asked = client.request(DirectionRequests.writeDirection, { path, document });
    expect((await failure(asked)).code).toBe("document");
    expect(existsSync(path)).toBe(false);
  });
});

describe("reportDirections", () => {
  it("gives the proof without the vectors, in the order of the files", async () => {
    const paths = await Promise.all(["smile", "age"].map(async (name) => (await shipped(name)).path));
    const { directions, entanglement } = await client.request(DirectionRequests.reportDirections, { paths });
    expect(directions.map(({ attribute }) => attribute)).toEqual(["smile", "age"]);
    for (const direction of directions) expect(direction).not.toHaveProperty("vector");
    expect(entanglement?.rows).toEqual(["smile", "age"]);
  });
});
