import { readdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { until, type Workbench } from "../driver/index.js";

/** Waits for the engine process of this workbench: the one that runs the installed extension's engine.js. */
export async function enginePid(code: Workbench): Promise<number> {
  const root = dirname(code.workspace);
  return until("the engine process", async () => {
    for (const entry of await readdir("/proc")) {
      if (!/^\d+$/.test(entry)) continue;
      const command = await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "");
      if (command.includes(root) && command.includes("dist/engine.js")) return Number(entry);
    }
    return undefined;
  });
}
