import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { directionBenchmark } from "./directions";
import { documentBenchmark } from "./documents";
import { fullWidthBenchmark } from "./fullWidth";
import { generatorBenchmark } from "./generator";
import { importBenchmark } from "./import";
import { inversionBenchmark } from "./inversion";
import { labelsBenchmark } from "./labels";
import { largeInversionBenchmark } from "./largeInversion";
import type { Benchmark } from "./measure";
import { parseReport, section, writeReport } from "./report";
import { photoBenchmark } from "./photos";
import { rfmIterationBenchmark } from "./rfmIteration";
import { rfmLossBenchmark } from "./rfmLoss";
import { studioBenchmark } from "./studio";

/** In the order of the report, by the names that `npm run bench -- NAME...` takes. */
const BENCHMARKS: ReadonlyMap<string, Benchmark> = new Map([
  ["studio", studioBenchmark],
  ["photos", photoBenchmark],
  ["documents", documentBenchmark],
  ["generator", generatorBenchmark],
  ["directions", directionBenchmark],
  ["labels", labelsBenchmark],
  ["fullWidth", fullWidthBenchmark],
  ["import", importBenchmark],
  ["inversion", inversionBenchmark],
  ["largeInversion", largeInversionBenchmark],
  ["rfmLoss", rfmLossBenchmark],
  ["rfmIteration", rfmIterationBenchmark],
]);

/**
 * Runs benchmarks and writes docs/BENCHMARKS.md: all of them, or those that are named, whose sections then take the place
 * of the earlier ones.
 */
async function main(): Promise<void> {
  const root = process.cwd();
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !BENCHMARKS.has(name));
  if (unknown.length > 0) {
    throw new Error(
      `There is no benchmark ${unknown.join(", ")}; there are ${[...BENCHMARKS.keys()].join(", ")}.`,
    );
  }
  const path = join(root, "docs/BENCHMARKS.md");
  const titles = [...BENCHMARKS.values()].map(({ title }) => title);
  const sections = parseReport(readFileSync(path, "utf8"), titles);
  for (const [name, { title, about, run }] of BENCHMARKS) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(title);
    const measures = await run(root);
    for (const { what, value, against } of measures) console.log(`  ${what}: ${value} (${against})`);
    sections.set(title, section(title, name, about, measures));
    // A later benchmark that fails loses nothing.
    writeFileSync(path, writeReport(sections, titles));
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
