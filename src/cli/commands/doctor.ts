import { readdir } from "node:fs/promises";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { RfmError } from "../../engine/files";
import type { Shell, Task } from "../shell";
import { VERSION } from "../version";
import type { Attempt, ProviderName } from "../../engine/runtime";

interface PackReport {
  readonly folder: string;
  readonly name?: string;
  readonly sha256?: string;
  readonly resolution?: number;
  readonly problem?: string;
}

interface ProviderReport {
  readonly provider?: ProviderName;
  readonly attempts: readonly Attempt[];
  readonly problem?: string;
}

/** `rfm doctor`: what this machine offers and what is installed. */
export function doctorCommand(shell: Shell): Command {
  const command = new Command("doctor")
    .summary("providers, devices, versions, model packs")
    .description(
      "Tell which execution providers work here, the versions of the parts, and the model packs found.",
    );
  return command.action(async () => {
    await shell.run(command, examine);
  });
}

async function examine({ output, workshop, failPiece }: Task): Promise<void> {
  const { libraryVersion } = await import("../../engine/runtime");
  const processors = cpus();
  const report = {
    rfm: VERSION,
    node: process.versions.node,
    onnxruntime: await libraryVersion(),
    system: `${platform()} ${release()} ${arch()}`,
    processor: `${processors[0]?.model.trim() ?? "unknown"} (${processors.length} threads)`,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    providers: await examineProviders(workshop),
    packs: await examinePacks(await workshop.modelFolder()),
  };
  for (const problem of [report.providers.problem, ...report.packs.map((pack) => pack.problem)]) {
    if (problem !== undefined) failPiece(new RfmError("model", problem));
  }
  output.result(report, describe(report));
}

async function examineProviders(workshop: Task["workshop"]): Promise<ProviderReport> {
  try {
    const { provider, attempts } = await workshop.runtime();
    return { provider, attempts };
  } catch (error) {
    if (error instanceof RfmError) return { attempts: [], problem: error.message };
    throw error;
  }
}

/** The packs beside the program, and the one asked for by `--model`. */
async function examinePacks(chosen: string): Promise<PackReport[]> {
  const { modelsRoot, openPack } = await import("../../engine/models");
  const folders = new Set([chosen]);
  for (const entry of await readdir(modelsRoot(), { withFileTypes: true }).catch(() => [])) {
    // The face nets are no generator; they belong to the program.
    if (entry.isDirectory() && entry.name !== "faces") folders.add(join(modelsRoot(), entry.name));
  }
  const reports: PackReport[] = [];
  for (const folder of folders) {
    try {
      const { manifest, sha256 } = await openPack(folder);
      reports.push({ folder, name: manifest.name, sha256, resolution: manifest.resolution });
    } catch (error) {
      if (!(error instanceof RfmError)) throw error;
      reports.push({ folder, problem: error.message });
    }
  }
  return reports;
}

function describe(report: {
  readonly rfm: string;
  readonly node: string;
  readonly onnxruntime: string;
  readonly system: string;
  readonly processor: string;
  readonly memoryGigabytes: number;
  readonly providers: ProviderReport;
  readonly packs: readonly PackReport[];
}): string {
  const lines = [
    `rfm ${report.rfm}, Node ${report.node}, ONNX Runtime ${report.onnxruntime}`,
    `${report.system}, ${report.processor}, ${report.memoryGigabytes} GB of memory`,
    `provider: ${report.providers.provider ?? "none works"}`,
    ...report.providers.attempts.map(
      ({ provider, ok, reason }) => `  ${ok ? "+" : "-"} ${provider.padEnd(6)} ${reason}`,
    ),
    "model packs:",
    ...report.packs.map(({ folder, name, resolution, problem }) =>
      problem === undefined
        ? `  + ${name ?? ""} (${resolution ?? 0} px) ${folder}`
        : `  - ${folder}: unusable`,
    ),
  ];
  return lines.join("\n");
}
