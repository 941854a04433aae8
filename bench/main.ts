import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { documentBenchmark } from "./documents";
import { fullWidthBenchmark } from "./fullWidth";
import { directionBenchmark } from "./directions";
import { generatorBenchmark } from "./generator";
import { labelsBenchmark } from "./labels";
import type { Measure } from "./measure";
import { photoBenchmark } from "./photos";
import { studioBenchmark } from "./studio";

/** Runs every benchmark in one go and writes docs/BENCHMARKS.md: `npm run bench`. */
async function main(): Promise<void> {
  const root = process.cwd();
  const sections: string[] = [];
  for (const { title, about, run } of [
    studioBenchmark,
    photoBenchmark,
    documentBenchmark,
    generatorBenchmark,
    directionBenchmark,
    labelsBenchmark,
    fullWidthBenchmark,
  ]) {
    console.log(title);
    const measures = await run(root);
    for (const measure of measures) console.log(`  ${line(measure)}`);
    sections.push(`## ${title}\n\n${about}\n\n${table(measures)}`);
  }
  const [cpu] = cpus();
  const machine = `${cpu?.model.trim() ?? "unknown CPU"}, ${cpus().length} threads, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform}-${process.arch}, Node ${process.versions.node}`;
  const date = new Date().toISOString().slice(0, 10);
  const head = `# Benchmarks\n\nWritten by \`npm run bench\` on ${date}; do not edit by hand.\n\nMachine: ${machine}.\n`;
  writeFileSync(join(root, "docs/BENCHMARKS.md"), [head, ...sections].join("\n"));
}

function line({ what, value, against }: Measure): string {
  return `${what}: ${value} (${against})`;
}

function table(measures: readonly Measure[]): string {
  const rows = measures.map(({ what, value, against, holds }) => {
    const verdict = holds === undefined ? "" : holds ? "yes" : "no";
    return `| ${what} | ${value} | ${against} | ${verdict} |`;
  });
  return ["| what | measured | against | holds |", "| --- | --- | --- | --- |", ...rows, ""].join("\n");
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
