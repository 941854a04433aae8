import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

const CLI = join(import.meta.dirname, "..", "..", "..", "dist", "cli.js");

/** What a failure says on stderr. */
export const ONE_SENTENCE = /^rfm: [^\n]+\n$/;

/** How a process of the command line ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of the command line. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once stdout holds the text. */
  printed(text: string): Promise<void>;
}

/** Starts the built command line in a folder. */
export function startRfm(folder: string, ...args: string[]): Running {
  if (!existsSync(CLI)) throw new Error("Build the command line first: npm run build");
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const waiting = new Set<{ text: string; resolve: () => void }>();
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    for (const one of waiting) {
      if (stdout.includes(one.text)) one.resolve();
    }
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  return {
    child,
    ended: new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        resolve({ code, stdout, stderr });
      });
    }),
    printed: (text) =>
      new Promise((resolve, reject) => {
        if (stdout.includes(text)) resolve();
        waiting.add({ text, resolve });
        child.on("close", () => {
          reject(new Error(`ended without printing ${text}: ${stderr}`));
        });
      }),
  };
}

/** Runs the built command line to its end. */
export function rfm(folder: string, ...args: string[]): Promise<Ended> {
  return startRfm(folder, ...args).ended;
}

/** The object in the last line of a `--json` run. */
export function resultOf({ stdout, stderr }: Ended): Record<string, unknown> {
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  if (!last.startsWith("{")) throw new Error(`no result: ${stdout}${stderr}`);
  return (JSON.parse(last) as { result: Record<string, unknown> }).result;
}

/** Runs a command that must succeed, and say nothing but its result, which is given. */
export async function successOf(folder: string, ...args: string[]): Promise<Record<string, unknown>> {
  const ended = await rfm(folder, ...args, "--json", "--provider", "cpu");
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  return resultOf(ended);
}
