import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeNpy } from "../../src/engine/checkpoints";
import { readDocument } from "../../src/engine/files";
import { temporaryFolder } from "../support/folder";
import { Random } from "../support/random";
import { rfm, startRfm, successOf } from "./support/rfm";

const ASTRONAUT = join(import.meta.dirname, "..", "fixtures", "photos", "astronaut.png");

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);
const succeed = (...args: string[]): Promise<Record<string, unknown>> => successOf(folder, ...args);

beforeAll(async () => {
  await succeed("invert", ASTRONAUT, "--out", "latents", "--iterations", "4");
});

describe("label and fit", () => {
  it("labels seeds, goes on after an interruption, and fits directions that edit uses", async () => {
    await succeed("label", "0:48", "--batch", "8", "--out", "whole");
    const running = startRfm(
      folder,
      "label",
      "0:48",
      "--batch",
      "8",
      "--out",
      "parts",
      "--json",
      "--provider",
      "cpu",
    );
    await running.printed('"done":8');
    running.child.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
    expect((await rfm(folder, "label", "0:48", "--batch", "8", "--out", "parts")).stderr).toContain(
      "--resume",
    );
    await succeed("label", "0:48", "--batch", "8", "--out", "parts", "--resume");
    const shards = readdirSync(at("whole.labels"));
    expect(readdirSync(at("parts.labels"))).toEqual(shards);
    for (const shard of shards) {
      expect(readFileSync(at("parts.labels", shard)).equals(readFileSync(at("whole.labels", shard)))).toBe(
        true,
      );
    }

    const fit = ["fit", "whole.labels.json", "--attribute", "yaw", "--layers", "0:10", "--no-measure"];
    expect(await rfm(folder, ...fit, "--out", "directions", "--provider", "cpu")).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^rfm: warning: 48 faces are fewer than the 512 coordinates/) as string,
    });
    const direction = await readDocument(at("directions", "yaw.direction.json"), "direction");
    expect(direction).toMatchObject({
      attribute: "yaw",
      group: "pose",
      space: "w",
      shape: [512],
      layers: [0, 10],
    });
    expect(direction.labelSet?.name).toBe("whole");
    expect(direction.samples).toMatchObject({ train: 39, test: 9 });

    const latent = join("latents", "astronaut.latent.json");
    const path = join("directions", "yaw.direction.json");
    await succeed("edit", latent, "--out", "base.png");
    await succeed("edit", latent, "--direction", `${path}=0`, "--out", "zero.png");
    const { edits } = (await succeed("edit", latent, "--direction", `${path}=3`, "--out", "three.png")) as {
      edits: object[];
    };
    expect(edits).toEqual([{ direction: "yaw", amount: 3, layers: [0, 10], muted: false }]);
    const [base, zero, three] = ["base.png", "zero.png", "three.png"].map((name) => readFileSync(at(name)));
    expect(zero?.equals(base ?? Buffer.of())).toBe(true);
    expect(three?.equals(base ?? Buffer.of())).toBe(false);
  });

  it("fits bare arrays: a direction that was put there is found", async () => {
    const [n, dimension] = [600, 512];
    const random = new Random(3);
    const w = random.normals(n * dimension);
    const labels = Float32Array.from({ length: n }, (_, row) => ((w[row * dimension + 7] ?? 0) > 0 ? 1 : 0));
    writeFileSync(at("codes.npy"), writeNpy(w, [n, dimension]));
    writeFileSync(at("labels.npy"), writeNpy(labels, [n]));
    await succeed(
      "fit",
      "--latents",
      "codes.npy",
      "--labels",
      "labels.npy",
      "--attribute",
      "seventh",
      "--out",
      "bare",
    );
    const direction = await readDocument(at("bare", "seventh.direction.json"), "direction");
    const vector = direction.vector as readonly number[];
    expect(vector.indexOf(Math.max(...vector))).toBe(7);
    expect(direction.threshold).toBe(0.5);
    expect(direction.accuracy?.test).toBeGreaterThan(0.9);
  });
});
