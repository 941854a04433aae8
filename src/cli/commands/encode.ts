import { Command } from "commander";
import { writeArray } from "../arrays";
import { readCrops } from "../crops";
import type { Shell } from "../shell";

/** `rfm encode`: latents of aligned faces by the encoder alone. */
export function encodeCommand(shell: Shell): Command {
  const command = new Command("encode")
    .summary("aligned faces to w+ by the encoder alone")
    .description("Encode aligned faces without optimisation: w+ [n,L,512].")
    .argument("<faces...>", "aligned pictures, or one x.npy [n,3,S,S] in [-1,1]")
    .requiredOption("--out <w.npy>", "where to write");
  return command.action(async (sources: string[], { out }: { out: string }) => {
    await shell.run(command, async ({ output, workshop, signal }) => {
      const model = await workshop.model();
      const { x, n } = await readCrops(sources, model, signal);
      const shape = [n, model.layers, model.wDimension];
      await writeArray(out, await model.encode(x, n), shape);
      output.result({ path: out, shape }, `${out}: w+ [${shape.join(",")}]`);
    });
  });
}
