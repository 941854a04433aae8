import { Command } from "commander";
import type { Shell, Task } from "../shell";
import { rangeOption, integerOption } from "../usage";
import { runBlock } from "../run";
import { truncationOptions } from "./map";

interface LabelOptions {
  readonly out: string;
  readonly batch?: string;
  readonly psi?: string;
  readonly cutoff?: string;
  readonly resume?: boolean;
}

/** `rfm label`: attribute scores of the faces of seeds. */
export function labelCommand(shell: Shell): Command {
  const command = new Command("label")
    .summary("a label set: attribute scores of seeds")
    .description(
      "Make the faces of seeds and score their attributes: NAME.labels.json and the folder NAME.labels.",
    )
    .argument("<seeds>", "half-open range A:B")
    .requiredOption("--out <name>", "name of the label set")
    .option("--batch <N>", "faces per run of the networks (default: 16)")
    .option("--psi <P>", "truncation (default: the pack's own)")
    .option("--cutoff <K>", "truncate the first K layers only, or none for all (default: the pack's own)")
    .option("--resume", "go on with a label set that was interrupted");
  return command.action(async (seeds: string, options: LabelOptions) => {
    await shell.run(command, (task) => label(task, seeds, options));
  });
}

async function label({ output, signal, workshop }: Task, text: string, options: LabelOptions): Promise<void> {
  const seeds = rangeOption("The range of seeds", text);
  const batch = options.batch === undefined ? undefined : integerOption("--batch", options.batch, 1, 1024);
  const truncation = truncationOptions(options);
  const { createLabelSet, labelSetPaths } = await import("../../engine/labels");
  const { provider } = await workshop.runtime();
  const document = await createLabelSet(options.out, await workshop.model(), await workshop.scorer(), seeds, {
    ...truncation,
    ...(batch === undefined ? {} : { batch }),
    resume: options.resume === true,
    signal,
    run: runBlock(provider),
    onProgress: ({ done, total }) => {
      output.progress({ phase: "label", done, total });
    },
  });
  const path = labelSetPaths(options.out).document;
  const attributes = document.attributes.map(({ name }) => name);
  output.result(
    { path, count: document.count, attributes },
    `${path}: ${document.count} faces, ${attributes.length} attributes`,
  );
}
