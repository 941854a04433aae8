import { Command } from "commander";
import { writeArray } from "../arrays";
import type { Shell } from "../shell";

interface ExportOptions {
  readonly out: string;
  readonly codes?: string;
}

/** `rfm label export`: a label set as arrays. */
export function exportCommand(shell: Shell): Command {
  const command = new Command("export")
    .summary("a label set as one .npy")
    .description("Write the scores of a label set to --out, float32 [n,A], and its codes where asked for.")
    .argument("<name>", "the label set")
    .option("--codes <w.npy>", "write the codes w too, [n,512]; needs the set's model")
    .configureHelp({ showGlobalOptions: true });
  return command.action(async (name: string) => {
    await shell.run(command, async ({ output, workshop, signal }) => {
      const { out, codes } = command.optsWithGlobals<ExportOptions>();
      const { codesOfLabelSet, readLabelSet } = await import("../../engine/labels");
      const { attributes, scores, document } = await readLabelSet(name, signal);
      const shape = [document.count, attributes.length];
      await writeArray(out, scores, shape);
      if (codes !== undefined) {
        const { rows, dimension } = await codesOfLabelSet(name, await workshop.model(), { signal });
        await writeArray(codes, rows, [document.count, dimension]);
      }
      const names = attributes.map((attribute) => attribute.name);
      output.result(
        { path: out, shape, attributes: names, ...(codes === undefined ? {} : { codes }) },
        `${out}: scores [${shape.join(",")}] of ${names.join(", ")}`,
      );
    });
  });
}
