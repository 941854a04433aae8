import { extname, join } from "node:path";
import { Command } from "commander";
import { makeFolder, throwIfCancelled } from "../../engine/files";
import { asLatents, beside, readArray, writeArray } from "../arrays";
import { writeFace } from "../pictures";
import type { Shell, Task } from "../shell";
import { asUsage, integerOption, UsageError } from "../usage";
import type { Model, Noise } from "../../engine/models";

interface SynthesizeOptions {
  readonly noise?: string;
  readonly size?: string;
  readonly out?: string;
}

/** Faces in memory at a time when they are written as pictures. */
const BATCH = 16;

/** `rfm synthesize`: faces of latents, as pictures or as the generator's raw output. */
export function synthesizeCommand(shell: Shell): Command {
  const command = new Command("synthesize")
    .summary("w+ to faces")
    .description(
      "Make the faces of latents: pictures, or the raw output of the generator, float32 [n,3,S,S].",
    )
    .argument("<w.npy>", "latents, float32 [n,L,512], [L,512] or [n,512]")
    .option(
      "--noise <none|stored|SEED>",
      "noise of the layers (default: stored in the checkpoint, else none)",
    )
    .option("--size <S>", "side of the pictures in pixels (default: the model's)")
    .option(
      "--out <path>",
      "IMG.png, x.npy, or a folder for several pictures (default: NAME.png for one latent)",
    );
  return command.action(async (source: string, options: SynthesizeOptions) => {
    await shell.run(command, (task) => synthesize(task, source, options));
  });
}

async function synthesize(task: Task, source: string, options: SynthesizeOptions): Promise<void> {
  const noise = options.noise === undefined ? undefined : noiseOption(options.noise);
  const size = options.size === undefined ? undefined : integerOption("--size", options.size, 1, 16_384);
  const arrayPath = options.out !== undefined && extname(options.out) === ".npy" ? options.out : undefined;
  if (arrayPath !== undefined && size !== undefined) {
    throw new UsageError("--size is for pictures; leave it out with a .npy.");
  }
  const array = await readArray(source);
  const model = await task.workshop.model();
  const { data, shape } = asLatents(source, array, model.layers, model.wDimension);
  const n = shape[0] ?? 0;
  if (arrayPath !== undefined) {
    await synthesizeArray(task, model, data, n, arrayPath, noise);
    return;
  }
  const paths = await picturePaths(source, options.out, n);
  const latentSize = data.length / n;
  for (let start = 0; start < n; start += BATCH) {
    throwIfCancelled(task.signal);
    const chosen = paths.slice(start, start + BATCH);
    const w = data.subarray(start * latentSize, (start + chosen.length) * latentSize);
    const faces = await model.synthesize(w, chosen.length, withNoise(noise));
    for (const [index, path] of chosen.entries()) {
      await writeFace(faces, model.resolution, path, { index, ...(size === undefined ? {} : { size }) });
      task.output.progress({ phase: "synthesize", done: start + index + 1, total: n });
    }
  }
  task.output.result({ paths, size: size ?? model.resolution }, paths.join("\n"));
}

async function synthesizeArray(
  { output }: Task,
  model: Model,
  data: Float32Array,
  n: number,
  out: string,
  noise: Noise | undefined,
): Promise<void> {
  const faces = await model.synthesize(data, n, withNoise(noise));
  const shape = [n, 3, model.resolution, model.resolution];
  await writeArray(out, faces, shape);
  output.result({ path: out, shape }, `${out}: faces [${shape.join(",")}]`);
}

function withNoise(noise: Noise | undefined): { noise?: Noise } {
  return noise === undefined ? {} : { noise };
}

function noiseOption(text: string): Noise {
  if (text === "none" || text === "stored") return text;
  return integerOption("--noise", text, 0);
}

/** Where the pictures go: one file, or numbered files in a folder. */
async function picturePaths(source: string, out: string | undefined, n: number): Promise<string[]> {
  const { formatOf } = await import("../../engine/faces");
  const one = out ?? (n === 1 ? beside(source, ".png") : undefined);
  if (one === undefined)
    throw new UsageError(`${source} holds ${n} latents; name a folder for the pictures by --out.`);
  if (extname(one) !== "") {
    asUsage(() => formatOf(one));
    if (n !== 1)
      throw new UsageError(`${source} holds ${n} latents; name a folder instead of ${one} by --out.`);
    return [one];
  }
  await makeFolder(one);
  const digits = Math.max(4, String(n - 1).length);
  return Array.from({ length: n }, (_, index) => join(one, `${String(index).padStart(digits, "0")}.png`));
}
