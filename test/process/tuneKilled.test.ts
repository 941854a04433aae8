import { readdirSync, watch } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readDocument } from "../../src/engine/files";
import { temporaryFolder } from "../support/folder";
import { resultOf, rfm, startRfm } from "./support/rfm";

const ASTRONAUT = join(import.meta.dirname, "..", "fixtures", "photos", "astronaut.png");
const folder = temporaryFolder();
const LATENT = join(folder, "astronaut.latent.json");

/** More steps than any machine takes before it is stopped. */
const ENDLESS = 10_000;
const invert = (tune: number): string[] => [
  ...["invert", ASTRONAUT, "--out", folder, "--iterations", "2"],
  ...["--tune", String(tune), "--json", "--provider", "cpu"],
];
const checkpoints = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".checkpoint"));

/** The number of the first step that a run told of. */
function firstStep(stdout: string): number {
  const told = stdout.split("\n").find((line) => line.includes('"tune"')) ?? "{}";
  return (JSON.parse(told) as { progress?: { done?: number } }).progress?.done ?? NaN;
}

it("goes on where tuning was killed, on the latent that is there, and when it was stopped", async () => {
  const killed = startRfm(folder, ...invert(ENDLESS));
  await killed.printed('"tune"');
  // The inversion's own is gone by now.
  expect(readdirSync(folder)).toContain("astronaut.latent.json");
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (checkpoints().length === 0) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(folder, look);
    look();
  });
  killed.child.kill("SIGKILL");
  await killed.ended;
  expect((await readDocument(LATENT, "latent")).tuned).toBeUndefined();

  const stopped = startRfm(folder, ...invert(ENDLESS));
  await stopped.printed('"tune"');
  stopped.child.kill("SIGINT");
  const { code, stdout, stderr } = await stopped.ended;
  expect(code).toBe(130);
  expect(stderr).toMatch(/astronaut\.latent\.json: matching goes on from step [1-9]\d* of an earlier run/);
  expect(firstStep(stdout)).toBeGreaterThan(0);
  // Its best so far is there, and so is what the next run would go on with.
  const partial = await readDocument(LATENT, "latent");
  expect(partial.tuned?.steps).toBeGreaterThanOrEqual(firstStep(stdout));
  expect(checkpoints()).toHaveLength(1);
  expect(readdirSync(folder).filter((name) => name.endsWith(".latent.json"))).toHaveLength(1);

  // Other settings are other work, which is done at once: fewer steps than the latent has had.
  const less = await rfm(folder, ...invert(1));
  expect(resultOf(less)).toMatchObject({
    latents: [{ known: true, tuned: { steps: partial.tuned?.steps } }],
  });
});
