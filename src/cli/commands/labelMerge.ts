import { Command } from "commander";
import { tellOfSet } from "../labelSet";
import { runBlock } from "../run";
import type { Shell } from "../shell";

/** `rfm label merge`: label sets of several machines as one. */
export function mergeCommand(shell: Shell): Command {
  const command = new Command("merge")
    .summary("label sets of several machines as one")
    .description(
      "Merge finished label sets of the same model, scorer and truncation into --out NAME, in the order of their seeds. Faces in several sets must have the same scores.",
    )
    .argument("<names...>", "label sets")
    .option("--allow-gaps", "merge sets that leave seeds out between them")
    .configureHelp({ showGlobalOptions: true });
  return command.action(async (names: string[]) => {
    await shell.run(command, async ({ output, signal }) => {
      const { out, allowGaps } = command.optsWithGlobals<{ out: string; allowGaps?: boolean }>();
      const { labelSetPaths, mergeLabelSets } = await import("../../engine/labels");
      const options = { allowGaps: allowGaps === true, signal, run: runBlock("none") };
      const { document, repeated } = await mergeLabelSets(names, out, options);
      if (repeated > 0)
        output.note(`${repeated} faces were in several sets with the same scores; each counts once.`);
      await tellOfSet({ output }, labelSetPaths(out).document, document, { repeated });
    });
  });
}
