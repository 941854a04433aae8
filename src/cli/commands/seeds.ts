import { Command } from "commander";
import { writeArray } from "../arrays";
import type { Shell } from "../shell";
import { asUsage } from "../usage";

/** `rfm seeds`: the Gaussian codes of seeds, as PyTorch draws them. */
export function seedsCommand(shell: Shell): Command {
  const command = new Command("seeds")
    .summary("z of seeds, as PyTorch draws them")
    .description(
      "Write the Gaussian codes of seeds, equal to torch.manual_seed(s); torch.randn(1, 512): float32 [n,512].",
    )
    .argument("<seeds>", "half-open range A:B, or a list such as 1,5,9")
    .requiredOption("--out <z.npy>", "where to write");
  return command.action(async (text: string, options: { out: string }) => {
    await shell.run(command, async ({ output }) => {
      const { LATENT_DIMENSION, parseSeeds, seedsToZ } = await import("../../engine/latents");
      const seeds = asUsage(() => parseSeeds(text));
      const shape = [seeds.length, LATENT_DIMENSION];
      await writeArray(options.out, seedsToZ(seeds), shape);
      output.result(
        { path: options.out, shape },
        `${options.out}: z of ${seeds.length} seeds [${shape.join(",")}]`,
      );
    });
  });
}
