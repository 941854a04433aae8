import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Workbench } from "../../src/extension/process/workbench";
import { temporaryFolder } from "../support/folder";

const MODELS = join(import.meta.dirname, "..", "..", "dist", "models");
const folder = temporaryFolder();

it("gives two who ask at once the same inverter, and a pack with another encoder another one", async () => {
  await cp(join(MODELS, "demo"), join(folder, "pack"), { recursive: true });
  const workbench = new Workbench();
  workbench.configure({ provider: "cpu", modelsRoot: MODELS, allowedModelRoots: [folder] });
  const model = await workbench.model(await workbench.pack(join(folder, "pack")));
  const [first, second] = await Promise.all([
    workbench.inverter(model, undefined),
    workbench.inverter(model, undefined),
  ]);
  expect(second).toBe(first);
  const [rfm, again] = await Promise.all([
    workbench.rfmInverter(model, undefined),
    workbench.rfmInverter(model, undefined),
  ]);
  expect(again).toBe(rfm);

  const path = join(folder, "pack", "model.json");
  const manifest = JSON.parse(await readFile(path, "utf8")) as { files: Record<string, object> };
  const { encoder: _, ...files } = manifest.files;
  await writeFile(path, JSON.stringify({ ...manifest, files }));
  const bare = await workbench.model(await workbench.pack(join(folder, "pack")));
  expect(bare).not.toBe(model);
  expect(bare.hasEncoder).toBe(false);
  expect(await workbench.inverter(bare, undefined)).not.toBe(first);
  // The old one is gone, with all that was made for it.
  expect(await workbench.inverter(model, undefined)).not.toBe(first);
  await (await workbench.runtime()).dispose();
}, 60_000);
