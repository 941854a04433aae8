import { Command } from "commander";
import { asCodes, beside, readArray, writeArray } from "../arrays";
import type { Shell } from "../shell";
import { integerOption, numberOption } from "../usage";

interface MapOptions {
  readonly psi?: string;
  readonly cutoff?: string;
  readonly out?: string;
}

/** `rfm map`: z through the mapping network, truncated, as w+. */
export function mapCommand(shell: Shell): Command {
  const command = new Command("map")
    .summary("z to w+")
    .description("Map Gaussian codes z [n,512] to truncated w+ [n,L,512].")
    .argument("<z.npy>", "codes, float32 [n,512]")
    .option("--psi <P>", "truncation: 1 keeps w, 0 gives the average (default: the pack's own)")
    .option("--cutoff <K>", "truncate the first K layers only, or none for all (default: the pack's own)")
    .option("--out <w.npy>", "where to write (default: NAME.w.npy beside the source)");
  return command.action(async (source: string, options: MapOptions) => {
    await shell.run(command, async ({ output, workshop }) => {
      const truncation = truncationOptions(options);
      const out = options.out ?? beside(source, ".w.npy");
      const array = await readArray(source);
      const model = await workshop.model();
      // Without a mapping network no z fits, whatever its size: the model says so.
      const codes = asCodes(source, array, model.hasMapping ? model.zDimension : (array.shape.at(-1) ?? 0));
      const w = await model.map(codes.data, truncation);
      const shape = [codes.shape[0] ?? 0, model.layers, model.wDimension];
      await writeArray(out, w, shape);
      output.result({ path: out, shape }, `${out}: w+ [${shape.join(",")}]`);
    });
  });
}

/** `--psi` and `--cutoff`; missing ones stay missing, so that the pack's own hold. */
export function truncationOptions({ psi, cutoff }: Pick<MapOptions, "psi" | "cutoff">): {
  psi?: number;
  cutoff?: number | null;
} {
  return {
    ...(psi === undefined ? {} : { psi: numberOption("--psi", psi) }),
    ...(cutoff === undefined
      ? {}
      : { cutoff: cutoff === "none" ? null : integerOption("--cutoff", cutoff, 0, 1024) }),
  };
}
