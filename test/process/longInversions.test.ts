import { execFile } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { buildPack } from "../../src/engine/models";
import { temporaryFolder } from "../support/folder";
import { writeSmallSource } from "../support/smallModel";
import { bundle } from "./support/bundle";
import { runUntilStopped } from "./support/runUntilStopped";
import type { ManyInversions } from "./support/manyInversions";

const MEBIBYTE = 2 ** 20;
const folder = temporaryFolder();
const pack = join(folder, "pack");

beforeAll(async () => {
  const source = join(folder, "source");
  mkdirSync(source);
  await writeSmallSource(source);
  await buildPack(source, pack, "test");
});

describe("two hundred inversions in one process", () => {
  let told: Readonly<Record<string, ManyInversions>>;
  beforeAll(async () => {
    const program = await bundle("test/process/support/manyInversions.ts", "many-inversions");
    const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", program, pack]);
    told = JSON.parse(stdout) as typeof told;
  });

  it.each(["fast", "rfm"])("give what a single one gives, and hold no more memory: %s", (method) => {
    const { equal, iterations, held, resident } = told[method] ?? expect.fail("not told");
    expect(equal).toBe(200);
    // They have done something.
    expect(Math.min(...iterations)).toBeGreaterThan(0);
    // 150 kept pictures, codes and states would be some megabytes, sessions many more.
    expect(held[1] - held[0]).toBeLessThan(1.5 * MEBIBYTE);
    expect(resident[1] - resident[0]).toBeLessThan(48 * MEBIBYTE);
  });
});

describe("an inversion that is killed", () => {
  let program: string;
  beforeAll(async () => {
    program = await bundle("test/process/support/stoppedInversion.ts", "stopped-inversion");
  });

  /** Runs to the end, or to an iteration at which it is killed. @returns the lines that it said */
  function run(place: string, stop?: number): Promise<string[]> {
    mkdirSync(join(folder, place), { recursive: true });
    const stopping = stop === undefined ? [] : [String(stop)];
    return runUntilStopped(program, [pack, join(folder, place), ...stopping], stop !== undefined);
  }

  it("goes on to the numbers of one that was not", async () => {
    const whole = await run("whole");
    expect(whole).toEqual([expect.stringMatching(/^result [0-9a-f]{64}$/)]);
    const place = "killed";
    await run(place, 4);
    expect(readdirSync(join(folder, place))).toEqual([expect.stringMatching(/^\.photo.*\.checkpoint$/)]);
    // Killed again, later.
    const [first = ""] = await run(place, 9);
    expect(first).toMatch(/^resumed [1-5]$/);
    const [second = "", result] = await run(place);
    expect(second).toMatch(/^resumed ([5-9]|10)$/);
    expect(result).toBe(whole[0]);
    expect(readdirSync(join(folder, place))).toEqual([]);
  });
});
