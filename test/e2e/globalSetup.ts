import { spawn } from "node:child_process";
import { access } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { ensureEnvironment, type Environment } from "./environment/setup.mjs";

declare module "vitest" {
  /** What a test gets by `inject("environment")` and `inject("vsix")`. */
  interface ProvidedContext {
    environment: Environment;
    vsix: string;
  }
}

const ROOT = dirname(dirname(import.meta.dirname));

/** Before the first test: an editor in the cache and the extension in a package. */
export default async function setup(project: TestProject): Promise<void> {
  const environment = await ensureEnvironment((line) => {
    console.log(`Preparing the editor (once): ${line}`);
  });
  project.provide("environment", environment);
  // The driver's own test packages its own extension.
  project.provide("vsix", process.env.RFM_E2E_SUITE === "probe" ? "" : await packagedExtension());
}

/** The package that RFM_VSIX names; without it, one built now. */
async function packagedExtension(): Promise<string> {
  const named = process.env.RFM_VSIX;
  if (named) {
    const path = resolve(named);
    await access(path).catch(() => {
      throw new Error(`RFM_VSIX names ${path}, which is not there.`);
    });
    return path;
  }
  const npm = spawn("npm", ["run", "package"], { cwd: ROOT, stdio: "inherit" });
  const code = await new Promise<number | null>((done, fail) => {
    npm.once("error", fail).once("close", done);
  });
  if (code !== 0)
    throw new Error("The extension could not be packaged: see the output of `npm run package`.");
  return join(ROOT, "dist", "rfm.vsix");
}
