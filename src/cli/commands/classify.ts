import { Command } from "commander";
import { throwIfCancelled } from "../../engine/files";
import { writeArray } from "../arrays";
import { onlyArray, readAnyCrops, readCrops } from "../crops";
import type { Shell } from "../shell";

/** Faces scored at a time. */
const BATCH = 16;

/** `rfm classify`: attribute scores of aligned faces. */
export function classifyCommand(shell: Shell): Command {
  const command = new Command("classify")
    .summary("attribute scores of aligned faces")
    .description("Score the attributes of aligned faces: [n,A].")
    .argument("<faces...>", "aligned pictures, or one x.npy [n,3,S,S] in [-1,1]")
    .requiredOption("--out <scores.npy>", "where to write")
    .option("--scorer <pack>", "a scorer pack (default: the built-in face nets)");
  return command.action(
    async (sources: string[], { out, scorer: pack }: { out: string; scorer?: string }) => {
      await shell.run(command, async ({ output, workshop, signal }) => {
        const scorer = await workshop.scorer(pack);
        // A scorer pack takes faces of any size; an array tells its own.
        const array = pack === undefined ? undefined : onlyArray(sources);
        const model = array === undefined ? await workshop.model() : undefined;
        const { x, n, resolution } =
          model === undefined
            ? await readAnyCrops(array ?? "")
            : { ...(await readCrops(sources, model, signal)), resolution: model.resolution };
        const columns = scorer.attributes.length;
        const pixels = x.length / n;
        const scores = new Float32Array(n * columns);
        for (let start = 0; start < n; start += BATCH) {
          throwIfCancelled(signal);
          const end = Math.min(n, start + BATCH);
          const part = x.subarray(start * pixels, end * pixels);
          scores.set(await scorer.score(part, end - start, resolution, signal), start * columns);
          output.progress({ phase: "classify", done: end, total: n });
        }
        const shape = [n, columns];
        await writeArray(out, scores, shape);
        const attributes = scorer.attributes.map(({ name }) => name);
        output.result(
          { path: out, shape, attributes },
          `${out}: scores [${shape.join(",")}] of ${attributes.join(", ")}`,
        );
      });
    },
  );
}
