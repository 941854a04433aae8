import { basename, extname, join } from "node:path";
import { Command } from "commander";
import { makeFolder, RfmError } from "../../engine/files";
import { beside } from "../arrays";
import { eachPiece, finishBatch } from "../batch";
import type { Shell, Task } from "../shell";
import { integerOption } from "../usage";
import type { Alignment, Point } from "../../engine/faces";

interface AlignOptions {
  readonly out: string;
  readonly size?: string;
  readonly ffhq?: boolean;
}

/** One aligned face, as the result tells it. */
interface AlignedFace {
  readonly path: string;
  readonly photo: string;
  readonly face: number;
  readonly score: number;
  readonly quad: readonly Point[];
  readonly landmarks: readonly Point[];
}

/** `rfm align`: aligned crops of every face in photos. */
export function alignCommand(shell: Shell): Command {
  const command = new Command("align")
    .summary("photos to aligned crops, one per face")
    .description("Find the faces in photos and cut them out as the model wants them: one picture per face.")
    .argument("<photos...>", "JPEG, PNG, WebP, AVIF, TIFF or GIF")
    .requiredOption(
      "--out <folder>",
      "where to write; NAME.png, or NAME-1.png, NAME-2.png, ... for several faces",
    )
    .option("--size <S>", "side of the crops in pixels (default: the model's; 1024 with --ffhq)")
    .option("--ffhq", "the framing of the FFHQ data set instead of the model's own");
  return command.action(async (photos: string[], options: AlignOptions) => {
    await shell.run(command, (task) => alignPhotos(task, photos, options));
  });
}

async function alignPhotos(task: Task, photos: readonly string[], options: AlignOptions): Promise<void> {
  const size = options.size === undefined ? undefined : integerOption("--size", options.size, 16, 8192);
  const framing = await chooseFraming(task, options.ffhq === true);
  await makeFolder(options.out);
  const faces: AlignedFace[] = [];
  const writers = new Map<string, string>();
  const outcome = await eachPiece(
    task,
    photos,
    (photo) => photo,
    async (photo, index) => {
      task.output.progress({ phase: "align", done: index, total: photos.length });
      refuseTakenName(writers, photo);
      const found = await alignPhoto(task, photo, options.out, framing.alignment, size ?? framing.size);
      writers.set(nameOf(photo), photo);
      faces.push(...found);
      task.output.note(found.map(({ path }) => path).join("\n"));
    },
  );
  finishBatch(task, outcome, { faces });
}

/** Photos of the same name from several folders would overwrite each other's crops. */
function refuseTakenName(writers: ReadonlyMap<string, string>, photo: string): void {
  const other = writers.get(nameOf(photo));
  if (other === undefined) return;
  throw new RfmError("file", `${photo} has the same name as ${other}; align it into another folder.`);
}

function nameOf(photo: string): string {
  return basename(photo, extname(photo));
}

async function chooseFraming(
  { workshop }: Task,
  isFfhq: boolean,
): Promise<{ alignment: Alignment; size: number }> {
  const { FFHQ_ALIGNMENT } = await import("../../engine/faces");
  if (isFfhq) return { alignment: FFHQ_ALIGNMENT, size: 1024 };
  const { alignment, resolution } = await workshop.model();
  return { alignment, size: resolution };
}

async function alignPhoto(
  { workshop, signal }: Task,
  photo: string,
  folder: string,
  alignment: Alignment,
  size: number,
): Promise<AlignedFace[]> {
  const { alignmentQuad, cropQuad, decodePicture, encodePicture } = await import("../../engine/faces");
  const picture = await decodePicture(photo, { signal });
  const nets = await workshop.faces();
  const found = await nets.detect(picture, {}, signal);
  if (found.length === 0) {
    throw new RfmError(
      "no-face",
      `${photo} shows no face that could be aligned; give a photo with a larger, more frontal face.`,
    );
  }
  const aligned: AlignedFace[] = [];
  for (const [face, { landmarks, score }] of found.entries()) {
    const ending = found.length === 1 ? ".png" : `-${face + 1}.png`;
    const path = join(folder, beside(photo, ending, ""));
    const quad = alignmentQuad(landmarks, alignment);
    await encodePicture(cropQuad(picture, quad, size), path);
    aligned.push({ path, photo, face, score, quad, landmarks });
  }
  return aligned;
}
