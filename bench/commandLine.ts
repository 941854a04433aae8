import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Tells the most memory that a process held, at its end. */
const WATCH = `process.on("exit", () => process.stderr.write("\\nmaxRSS " + process.resourceUsage().maxRSS));`;

/** Runs the command line once: how long it took, and the most memory that it held. @throws where it fails. */
export function timed(root: string, args: readonly string[]): { seconds: number; bytes: number } {
  const start = performance.now();
  const watch = `data:text/javascript,${encodeURIComponent(WATCH)}`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", watch, join(root, "dist/cli.js"), ...args],
    { encoding: "utf8", maxBuffer: 1 << 28 },
  );
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`rfm ${args.join(" ")} failed: ${stderr}`);
  return { seconds, bytes: 1024 * Number(/maxRSS (\d+)/.exec(stderr)?.[1] ?? NaN) };
}
