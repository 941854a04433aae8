import { spawn } from "node:child_process";
import { expect } from "vitest";

/**
 * Runs a program that says `stopped ...` in a line of its own where it is to be killed.
 *
 * @param isKilled whether it shall come so far; else it runs to its end.
 * @returns the lines that it said.
 */
export async function runUntilStopped(
  program: string,
  args: readonly string[],
  isKilled: boolean,
): Promise<string[]> {
  const child = spawn(process.execPath, [program, ...args]);
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    said += chunk;
    if (/^stopped .*\n/m.test(said)) child.kill("SIGKILL");
  });
  const signal = await new Promise((resolve) => {
    child.on("close", (_, ended) => {
      resolve(ended);
    });
  });
  expect(signal, said).toBe(isKilled ? "SIGKILL" : null);
  return said.trim().split("\n");
}
