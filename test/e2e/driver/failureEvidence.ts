import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "vitest";
import type { Workbench } from "./workbench.js";

const FOLDER = join(import.meta.dirname, "..", "failures");

/** For `afterEach`: keeps what the window and the logs showed, if the test failed. */
export async function keepEvidence(workbench: Workbench | undefined, { task }: TestContext): Promise<void> {
  if (!workbench || task.result?.state !== "fail") return;
  await mkdir(FOLDER, { recursive: true });
  const path = join(FOLDER, task.name.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 80));
  await workbench.page.screenshot({ path: `${path}.png` });
  const log = await workbench.logs.extensionHost();
  await writeFile(`${path}.log`, `${log}\nBrowser console:\n${workbench.console.errors.join("\n")}\n`);
}
