import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { bundle } from "./support/bundle";
import type { Comparison, WebgpuReport } from "./support/webgpuProgram";

/** A Vulkan device in software, part of Debian's chromium package; it needs libvulkan1. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const LOADERS = ["/usr/lib/x86_64-linux-gnu/libvulkan.so.1", "/usr/lib/libvulkan.so.1"];
const available =
  process.arch === "x64" && existsSync(SWIFTSHADER) && LOADERS.some((path) => existsSync(path));

let program: string;
beforeAll(async () => {
  program = await bundle("test/process/support/webgpuProgram.ts", "webgpu-program");
});

/** The program's report with this Vulkan driver and no other. */
function run(driver: string): Promise<WebgpuReport> {
  return new Promise((resolve, reject) => {
    const environment = { ...process.env, VK_ICD_FILENAMES: driver };
    const child = fork(program, { env: environment, execArgv: [], serialization: "advanced", silent: true });
    child.on("message", (report) => {
      resolve(report as WebgpuReport);
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      reject(new Error(`the program ended without a report (${String(code ?? signal)})`));
    });
  });
}

function difference({ webgpu, cpu }: Comparison): number {
  expect(webgpu).toHaveLength(cpu.length);
  return Math.max(...webgpu.map((value, index) => Math.abs(value - (cpu[index] ?? NaN))));
}

const spread = (values: Float32Array): number => Math.max(...values) - Math.min(...values);

describe.skipIf(!available)(`WebGPU (skipped without ${SWIFTSHADER} and libvulkan1)`, () => {
  let report: Exclude<WebgpuReport, { error: string }>;
  beforeAll(async () => {
    const answer = await run(SWIFTSHADER);
    if ("error" in answer) throw new Error(answer.error);
    report = answer;
  });

  it("runs when it is asked for by name", () => {
    expect(report.provider).toBe("webgpu");
  });

  it("computes what the CPU computes", () => {
    expect(spread(report.forward.cpu)).toBeGreaterThan(1);
    expect(difference(report.forward)).toBeLessThan(1e-3);
  });

  it("computes gradients too", () => {
    expect(spread(report.gradient.cpu)).toBeGreaterThan(1e-2);
    expect(difference(report.gradient)).toBeLessThan(1e-3 * spread(report.gradient.cpu));
  });

  it("is not what auto chooses where it is only software", () => {
    expect(report.auto.provider).toBe("cpu");
    expect(report.auto.attempts.find(({ provider }) => provider === "webgpu")?.reason).toMatch(
      /^It works but is slower than the CPU/,
    );
  });
});

it.runIf(process.platform === "linux")("is refused with a sentence where there is no device", async () => {
  expect(await run("/nowhere/driver.json")).toEqual({
    error: expect.stringMatching(/^The provider webgpu cannot be used here: [^\n]+$/) as string,
  });
});
