import { Command } from "commander";
import { throwIfCancelled } from "../../engine/files";
import type { Shell, Task } from "../shell";
import { shownLatent, type ShownLatent } from "../shownLatent";
import { asUsage, integerOption } from "../usage";
import type { Picture } from "../../engine/faces";
import type { Model } from "../../engine/models";

interface MorphOptions {
  readonly frames: string;
  readonly fps: string;
  readonly size?: string;
  readonly back?: boolean;
  readonly out: string;
}

const NOTES = `
Each latent is taken as it is shown: with its saved edits, and with its likeness where it was matched; the likeness of one
gives way to that of the next. The animation repeats for ever.`;

/** `rfm morph`: an animation from one latent to the next. */
export function morphCommand(shell: Shell): Command {
  const command = new Command("morph")
    .summary("an animation from one face to another")
    .description("Morph between the faces of two or more latents of one model, as an animated WebP or GIF.")
    .argument("<latents...>", "two or more NAME.latent.json, in the order of the way")
    .requiredOption("--frames <N>", "frames in all, 2 or more")
    .option("--fps <F>", "frames a second, 1 to 50", "25")
    .option("--size <S>", "side of the frames in pixels (default: the model's)")
    .option("--back", "go back the same way, so that nothing jumps when it repeats")
    .requiredOption("--out <IMG>", "x.webp, or x.gif with at most 256 colours a frame")
    .addHelpText("after", NOTES);
  return command.action(async (latents: readonly string[], options: MorphOptions) => {
    await shell.run(command, (task) => morph(task, latents, options));
  });
}

async function morph(task: Task, paths: readonly string[], options: MorphOptions): Promise<void> {
  const { output, workshop, signal } = task;
  const frames = integerOption("--frames", options.frames, 2);
  const fps = integerOption("--fps", options.fps, 1, 50);
  const wanted = options.size === undefined ? undefined : integerOption("--size", options.size, 16, 4096);
  const { animationFormatOf, checkFrames, fromTensor, resizePicture, writeAnimation } =
    await import("../../engine/faces");
  const { morphPath, spaceOfCodes } = await import("../../engine/latents");
  asUsage(() => animationFormatOf(options.out));
  const model = await workshop.model();
  const { resolution } = model;
  const size = wanted ?? resolution;
  const shown = options.back === true ? 2 * frames - 2 : frames;
  asUsage(() => {
    checkFrames(shown, size, size);
  });
  const stops: ShownLatent[] = [];
  for (const path of paths) stops.push(await shownLatent(path, model));
  const codes = stops.map(({ code }) => code);
  const way = asUsage(() => morphPath(codes, frames, spaceOfCodes(model)));
  const pictures: Picture[] = [];
  for (const { code, place } of way) {
    throwIfCancelled(signal);
    const x = await drawBetween(model, code, stops, place);
    const picture = fromTensor(x, resolution, resolution);
    pictures.push(size === resolution ? picture : resizePicture(picture, size, size));
    output.progress({ phase: "draw", done: pictures.length, total: frames });
  }
  if (options.back === true) pictures.push(...pictures.slice(1, -1).reverse());
  throwIfCancelled(signal);
  await writeAnimation(pictures, options.out, { delay: Math.round(1000 / fps) });
  output.result({ path: options.out, frames: pictures.length, size, fps }, options.out);
}

/** Draws a code between two stops, by a generator as far tuned to each as the code is near to it. */
async function drawBetween(
  model: Model,
  code: Float32Array,
  stops: readonly ShownLatent[],
  place: number,
): Promise<Float32Array> {
  const { blendedDeltas, openTunedModel } = await import("../../engine/latents");
  const tunings = stops.flatMap(({ tuning }, stop) => {
    const nearness = Math.max(0, 1 - Math.abs(place - stop));
    return tuning === undefined || nearness === 0
      ? []
      : [{ deltas: tuning.deltas, share: nearness * tuning.amount }];
  });
  if (tunings.length === 0) return model.synthesize(code, 1);
  const generator = await openTunedModel(model, blendedDeltas(tunings), 1);
  try {
    return await generator.synthesize(code, 1);
  } finally {
    await generator.dispose();
  }
}
