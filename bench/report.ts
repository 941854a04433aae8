import { cpus, totalmem } from "node:os";
import type { Measure } from "./measure";

const HEAD =
  "# Benchmarks\n\nWritten by `npm run bench` (all of it) or `npm run bench -- NAME` (one section); do not edit by hand.\n";

/** The sections of a report by their titles; those of benchmarks that are no more are left out. */
export function parseReport(text: string, titles: readonly string[]): Map<string, string> {
  const sections = new Map<string, string>();
  for (const part of text.split(/^(?=## )/m).slice(1)) {
    const title = /^## (.*)/.exec(part)?.[1] ?? "";
    if (titles.includes(title)) sections.set(title, part.trimEnd());
  }
  return sections;
}

/** The report in the order of the titles. */
export function writeReport(sections: ReadonlyMap<string, string>, titles: readonly string[]): string {
  const there = titles.map((title) => sections.get(title)).filter((part) => part !== undefined);
  return `${[HEAD.trimEnd(), ...there].join("\n\n")}\n`;
}

/** One benchmark's section: what was done, on what, when, and what came out. */
export function section(title: string, name: string, about: string, measures: readonly Measure[]): string {
  const [cpu] = cpus();
  const machine = `${cpu?.model.trim() ?? "unknown CPU"}, ${cpus().length} threads, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform}-${process.arch}, Node ${process.versions.node}`;
  const date = new Date().toISOString().slice(0, 10);
  return `## ${title}\n\n${about}\n\n\`npm run bench -- ${name}\`, ${date}, ${machine}.\n\n${table(measures)}`;
}

function table(measures: readonly Measure[]): string {
  const rows = measures.map(({ what, value, against, holds }) => {
    const verdict = holds === undefined ? "" : holds ? "yes" : "no";
    return `| ${what} | ${value} | ${against} | ${verdict} |`;
  });
  return ["| what | measured | against | holds |", "| --- | --- | --- | --- |", ...rows].join("\n");
}
