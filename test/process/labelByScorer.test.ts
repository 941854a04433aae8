import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readLabelSet } from "../../src/engine/labels";
import { buildScorerPack } from "../../src/engine/models";
import { flatten, GraphBuilder, reduceMean } from "../../src/engine/onnx";
import { EngineClient } from "../../src/extension/process/client";
import { DirectionRequests } from "../../src/protocol/directions";
import { temporaryFolder } from "../support/folder";
import { bundle } from "./support/bundle";

const MODELS = join(import.meta.dirname, "..", "..", "dist", "models");
const DEMO = join(MODELS, "demo");
const SEEDS = { start: 0, end: 64 };
const folder = temporaryFolder();
const packs = join(folder, "packs");
const scorer = join(packs, "means");
let client: EngineClient;

/** A scorer of the mean colours. */
async function buildMeans(place: string): Promise<void> {
  const builder = new GraphBuilder("means");
  builder.output("scores", flatten(reduceMean(builder.input("x", [1, 3, 16, 16]), [2, 3])));
  const attributes = ["red", "green", "blue"].map((name) => ({ name, threshold: 0 }));
  await buildScorerPack(place, { name: "means", title: "Mean colours", graph: builder.build(), attributes });
}

beforeAll(async () => {
  if (!existsSync(join(DEMO, "model.json"))) throw new Error("Build the model packs first: npm run build");
  await buildMeans(scorer);
  await buildMeans(join(folder, "elsewhere"));
  client = new EngineClient({
    entry: await bundle("src/extension/process/main.ts", "engine-scorer"),
    settings: { provider: "cpu", modelsRoot: MODELS, allowedModelRoots: [packs] },
    graceMilliseconds: 60_000,
  });
});
afterAll(() => client.dispose());

it("labels by an imported scorer, and goes on by the same one after a stop", async () => {
  const path = join(folder, "colours.labels.json");
  const stop = new AbortController();
  const labelling = client.request(
    DirectionRequests.createLabelSet,
    { path, model: DEMO, seeds: SEEDS, scorer },
    {
      signal: stop.signal,
      onProgress: ({ done }) => {
        if (done >= 16) stop.abort();
      },
    },
  );
  await expect(labelling).rejects.toMatchObject({ code: "cancelled" });
  const resume = (scorers: readonly string[]) =>
    client.request(DirectionRequests.resumeLabelSet, { path, models: [DEMO], scorers });
  await expect(resume([join(folder, "nowhere")])).rejects.toThrow(/the scorer means/);
  await resume([join(folder, "nowhere"), scorer]);
  const set = await readLabelSet(path.replace(/\.labels\.json$/, ""));
  expect(set.attributes.map(({ name }) => name)).toEqual(["red", "green", "blue"]);
  expect(set.document.scorer.name).toBe("means");
  expect(set.scores).toHaveLength(3 * 64);
});

it("refuses a scorer outside the folders that are allowed", async () => {
  const path = join(folder, "other.labels.json");
  const parameters = { path, model: DEMO, seeds: SEEDS, scorer: join(folder, "elsewhere") };
  await expect(client.request(DirectionRequests.createLabelSet, parameters)).rejects.toThrow(
    /may not be loaded here/,
  );
  expect(existsSync(path)).toBe(false);
});
