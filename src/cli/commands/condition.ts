import { Command } from "commander";
import { writeDocument, type DirectionDocument, type LeakRecord } from "../../engine/files";
import { findDirection } from "../packDirections";
import { runBlock } from "../run";
import type { Shell, Task } from "../shell";
import { choiceOption, integerOption, rangeOption, UsageError } from "../usage";
import type { ConditioningMethod } from "../../engine/directions";

interface ConditionOptions {
  readonly on: readonly string[];
  readonly method: string;
  readonly faces?: string;
  readonly seeds?: string;
  readonly scorer?: string;
  readonly out: string;
}

const METHODS: readonly ConditioningMethod[] = ["projection", "gradient"];
/** Far from the seeds that people label. */
const FIRST_SEED = 1_000_000;
const FACES = 200;

/** `rfm condition`: a direction freed of others. */
export function conditionCommand(shell: Shell): Command {
  const command = new Command("condition")
    .summary("a direction freed of others, so that they stay where they are")
    .description(
      "Take out of a direction what moves other attributes: what lies along their directions (projection, no pictures needed), or along the gradients of their scores through the generator and the scorer (gradient). The gradient method, and the projection where --faces or --seeds are given, re-score fresh faces before and after.",
    )
    .argument("<direction>", "a direction of the pack by name, or a .direction.json")
    .requiredOption("--on <D...>", "the directions to free it of")
    .option("--method <projection|gradient>", "how (default: projection)", "projection")
    .option("--faces <N>", `faces to re-score (default: ${FACES} with gradient, none with projection)`)
    .option("--seeds <A:B>", `their seeds, instead of ${FIRST_SEED} and on`)
    .option("--scorer <folder>", "a scorer pack (default: the built-in face nets)")
    .requiredOption("--out <D4>", "the .direction.json to write");
  return command.action(async (direction: string, options: ConditionOptions) => {
    await shell.run(command, (task) => condition(task, direction, options));
  });
}

async function condition(task: Task, name: string, options: ConditionOptions): Promise<void> {
  const { output, signal, workshop } = task;
  const started = performance.now();
  const method = choiceOption("--method", options.method, METHODS);
  const seeds = seedsOf(options, method);
  const { Conditioner } = await import("../../engine/directions");
  const model = await workshop.model();
  const direction = await findDirection(name, model);
  const on = [];
  for (const other of options.on) on.push(await findDirection(other, model));
  const { provider } = await workshop.runtime();
  const conditioner = new Conditioner(model, seeds && (await workshop.scorer(options.scorer)), {
    seeds,
    signal,
    onProgress: (progress) => {
      output.progress(progress);
    },
  });
  try {
    const document = await conditioner.condition(direction, on, method, runBlock(provider));
    const run = runBlock(provider, started);
    await writeDocument(options.out, { ...document, run });
    output.result(
      { path: options.out, attribute: document.attribute, conditioning: document.conditioning },
      [...leakTable(document), options.out].join("\n"),
    );
  } finally {
    await conditioner.dispose();
  }
}

function seedsOf({ faces, seeds }: ConditionOptions, method: ConditioningMethod): number[] | undefined {
  if (faces === undefined && seeds === undefined && method === "projection") return undefined;
  const count = faces === undefined ? undefined : integerOption("--faces", faces, 2, 100_000);
  if (seeds === undefined) return Array.from({ length: count ?? FACES }, (_, i) => FIRST_SEED + i);
  const { start, end } = rangeOption("--seeds", seeds);
  if (count !== undefined && count > end - start) {
    throw new UsageError(
      `--seeds ${seeds} are ${end - start}, fewer than --faces ${count}; give a longer range.`,
    );
  }
  return Array.from({ length: count ?? end - start }, (_, i) => start + i);
}

/** What leaks of the attributes it was conditioned on, before and after, by each way. */
export function leakTable({ attribute, conditioning }: DirectionDocument): string[] {
  const leaks = conditioning?.leaks;
  if (conditioning === undefined || leaks === undefined) return [];
  const ways = (["before", "projection", "gradient"] as const).filter((way) => leaks[way] !== undefined);
  const rows = [
    ["", ...ways],
    ...conditioning.on.map((other) => [other, ...ways.map((way) => told(leaks, way, other))]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    ),
  );
  const rise = leaks.rise ?? 1;
  return [
    `Change on ${leaks.faces} faces where ${attribute} rises by ${rise.toFixed(2)}, in standard deviations:`,
    ...lines.map((cells) => cells.join("  ").trimEnd()),
  ];
}

function told(leaks: LeakRecord, way: "before" | "projection" | "gradient", attribute: string): string {
  const value = leaks[way]?.[attribute];
  return value === undefined ? "-" : value.toFixed(3);
}
