import { basename, join } from "node:path";
import { Command } from "commander";
import { documentSuffix, makeFolder } from "../../engine/files";
import { eachPiece, finishBatch } from "../batch";
import { writeFace } from "../pictures";
import { runBlock } from "../run";
import type { Shell, Task } from "../shell";
import { drawShown, shownLatent } from "../shownLatent";
import type { Edit } from "../../engine/files";
import type { Model } from "../../engine/models";

interface ApplyOptions {
  readonly out: string;
  readonly onTop?: boolean;
}

const NOTES = `
The edits of the recipe take the place of those that are saved in a latent; with --on-top they come after them. Photos are
inverted first, as by \`rfm invert PHOTO --out DIR\`; what was inverted there before is left as it is.`;

/** `rfm apply`: the edits of a recipe on many faces. */
export function applyCommand(shell: Shell): Command {
  const command = new Command("apply")
    .summary("the edits of a recipe on many faces")
    .description(
      "Apply a stack of edits to latents and photos, and write a picture of each face: DIR/NAME.png.",
    )
    .argument("<recipe>", "a NAME.recipe.json, as `rfm edit --recipe` writes it")
    .argument("<faces...>", "NAME.latent.json, or photos")
    .requiredOption("--out <DIR>", "where to write")
    .option("--on-top", "keep the edits that are saved in the latents")
    .addHelpText("after", NOTES);
  return command.action(async (recipe: string, faces: readonly string[], options: ApplyOptions) => {
    await shell.run(command, (task) => apply(task, recipe, faces, options));
  });
}

async function apply(
  task: Task,
  recipePath: string,
  faces: readonly string[],
  options: ApplyOptions,
): Promise<void> {
  const { output, workshop } = task;
  const { readRecipe } = await import("../../engine/directions");
  const model = await workshop.model();
  const recipe = await readRecipe(recipePath, model);
  await makeFolder(options.out);
  const names = new Set<string>();
  const pictures: { readonly path: string; readonly latent: string }[] = [];
  const edits = (saved: readonly Edit[]): readonly Edit[] =>
    options.onTop === true ? [...saved, ...recipe] : recipe;
  const inversion = lazyInversion(task, model, options.out);
  try {
    const outcome = await eachPiece(
      task,
      faces,
      (face) => face,
      async (face) => {
        const latents = face.endsWith(documentSuffix("latent")) ? [face] : await inversion.latentsOf(face);
        for (const latent of latents) {
          const shown = await shownLatent(latent, model, { edits });
          const path = join(options.out, freeName(basename(latent, documentSuffix("latent")), names));
          await writeFace(await drawShown(shown, model), model.resolution, path);
          pictures.push({ path, latent });
          output.note(path);
        }
      },
    );
    finishBatch(task, outcome, { pictures });
  } finally {
    await inversion.dispose();
  }
}

/** Latents of one name from several folders get numbers. */
function freeName(name: string, taken: Set<string>): string {
  let free = `${name}.png`;
  for (let number = 2; taken.has(free); number++) free = `${name} (${number}).png`;
  taken.add(free);
  return free;
}

interface Inversion {
  /** The latents of a photo's faces in the folder, made where they are not there. */
  latentsOf(photo: string): Promise<readonly string[]>;
  dispose(): Promise<void>;
}

/** Nothing is prepared where all are latents. */
function lazyInversion({ workshop, output, signal }: Task, model: Model, folder: string): Inversion {
  const open = async () => {
    const { Inverter, invertPhoto } = await import("../../engine/inversion");
    return { invertPhoto, inverter: new Inverter(model, await workshop.faces()) };
  };
  let opened: ReturnType<typeof open> | undefined;
  return {
    latentsOf: async (photo) => {
      const { invertPhoto, inverter } = await (opened ??= open());
      const run = runBlock(model.runtime.provider);
      const { faces, known, failure } = await invertPhoto(
        photo,
        inverter,
        { outputFolder: folder, skipDone: () => true, run },
        {
          signal,
          onProgress: ({ phase, iteration, iterations }) => {
            output.progress({ phase, done: iteration, total: iterations, details: { photo } });
          },
        },
      );
      if (failure !== undefined) throw failure;
      return [...faces, ...known].map(({ path }) => path);
    },
    dispose: async () => {
      await (await opened)?.inverter.dispose();
    },
  };
}
