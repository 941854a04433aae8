import { Command } from "commander";
import { RfmError } from "../../engine/files";
import type { Shell, Task } from "../shell";
import { integerOption } from "../usage";

interface EncoderFitOptions {
  readonly samples?: string;
  readonly seed?: string;
  readonly replace?: boolean;
}

/** `rfm encoder`: what makes and improves the encoders of packs. */
export function encoderCommand(shell: Shell): Command {
  return new Command("encoder").summary("the encoder of a model pack").addCommand(encoderFitCommand(shell));
}

function encoderFitCommand(shell: Shell): Command {
  const command = new Command("fit")
    .summary("fit an encoder to a pack that has none")
    .description(
      "Learn from faces of seeds which code a picture has, and add the encoder to the pack: inversion then starts near the face.",
    )
    .option("--samples <N>", "faces to learn from, a tenth of which only test (default: 6000)")
    .option("--seed <S>", "the first of their seeds (default: 2000000)")
    .option("--replace", "also where the pack has an encoder");
  return command.action(async (options: EncoderFitOptions) => {
    await shell.run(command, (task) => fit(task, options));
  });
}

async function fit({ workshop, output, signal }: Task, options: EncoderFitOptions): Promise<void> {
  const samples =
    options.samples === undefined ? undefined : integerOption("--samples", options.samples, 200, 1_000_000);
  const seed = options.seed === undefined ? undefined : integerOption("--seed", options.seed);
  const model = await workshop.model();
  const { folder } = model.pack;
  if (model.hasEncoder && options.replace !== true) {
    throw new RfmError(
      "usage",
      `The model pack ${folder} has an encoder already; add --replace to fit another one.`,
    );
  }
  const { fitPackEncoder } = await import("../../engine/inversion");
  const fitted = await fitPackEncoder(model, await workshop.faces(), {
    samples,
    seed,
    signal,
    onProgress: ({ resumed, ...progress }) => {
      if (resumed === true) output.warn(`${folder}: goes on after ${progress.done} faces of an earlier run.`);
      output.progress(progress);
    },
  });
  const { codeError, pictureError, heldOut, strength } = fitted;
  const record = { samples: fitted.samples, seed: fitted.seed, codeError, pictureError };
  const share = (value: number): string => `${Math.round(100 * value)}%`;
  output.result(
    { folder, ...record, heldOut, strength },
    `${folder}: an encoder from ${fitted.samples} faces. On ${heldOut} held-out ones its code is off by ${share(codeError)} of what the average code is, and the picture drawn from it by ${share(pictureError)}.`,
  );
}
