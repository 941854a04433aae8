import { Command } from "commander";
import type { Shell, Task } from "../shell";
import { tellOfSet } from "../labelSet";
import { asUsage, integerOption } from "../usage";
import { runBlock } from "../run";
import { exportCommand } from "./labelExport";
import { mergeCommand } from "./labelMerge";
import { truncationOptions } from "./map";

/** Options of `rfm label`; those who work on sets that are there take them from here too. */
export interface LabelOptions {
  readonly out: string;
  readonly scorer?: string;
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
    .argument("<seeds>", "half-open range A:B, or a list such as 1,5,9")
    .requiredOption("--out <name>", "name of the label set")
    .option("--scorer <pack>", "a scorer pack (default: the built-in face nets)")
    .option("--batch <N>", "faces per run of the networks (default: 16)")
    .option("--psi <P>", "truncation (default: the pack's own)")
    .option("--cutoff <K>", "truncate the first K layers only, or none for all (default: the pack's own)")
    .option("--resume", "go on with a label set that was interrupted, or repair one")
    .action(async (seeds: string, options: LabelOptions) => {
      await shell.run(command, (task) => label(task, seeds, options));
    });
  return command.addCommand(mergeCommand(shell)).addCommand(exportCommand(shell));
}

async function label({ output, signal, workshop }: Task, text: string, options: LabelOptions): Promise<void> {
  const batch = options.batch === undefined ? undefined : integerOption("--batch", options.batch, 1, 1024);
  const truncation = truncationOptions(options);
  const { asLabelledSeeds, createLabelSet, labelSetPaths } = await import("../../engine/labels");
  const { parseSeeds } = await import("../../engine/latents");
  const seeds = asLabelledSeeds(asUsage(() => parseSeeds(text)));
  const { provider } = await workshop.runtime();
  const [model, scorer] = [await workshop.model(), await workshop.scorer(options.scorer)];
  const document = await createLabelSet(options.out, model, scorer, seeds, {
    ...truncation,
    ...(batch === undefined ? {} : { batch }),
    resume: options.resume === true,
    signal,
    run: runBlock(provider),
    onProgress: ({ done, total }) => {
      output.progress({ phase: "label", done, total });
    },
  });
  await tellOfSet({ output }, labelSetPaths(options.out).document, document, {});
}
