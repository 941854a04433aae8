import { join } from "node:path";
import { applyEdits, editAlong, type Direction } from "../engine/directions";
import { contactSheet, encodePicture, fromTensor, type Picture } from "../engine/faces";
import { makeFolder } from "../engine/files";
import { Inverter, invertPhoto, type InvertedFace } from "../engine/inversion";
import { TextOutput } from "./output";
import { packDirectionNames, readPackDirection } from "./packDirections";
import { runBlock } from "./run";
import { FAILED, sentenceOf } from "./shell";
import { Workshop } from "./workshop";
import type { Model } from "../engine/models";

/** The project's folder: this program is bundled into `dist`. */
const ROOT = join(__dirname, "..");
const PHOTO = join(ROOT, "test", "fixtures", "photos", "astronaut.png");
const OUT = join(ROOT, "demo");
/** The columns of the contact sheet, in sigma. */
const AMOUNTS = [-3, -2, -1, 0, 1, 2, 3];
/** Side of each face on the sheet, in pixels. */
const CELL = 112;

/**
 * `npm run demo`: turns a photo into a folder that shows what the program does: the aligned face, its latent, the
 * reconstruction, and a sheet of edits with one row per direction.
 */
async function demo(output: TextOutput, workshop: Workshop): Promise<void> {
  await makeFolder(OUT);
  const model = await workshop.model();
  const face = await invert(output, model, workshop);
  const { psnr = NaN, identity = NaN } = face.document.metrics ?? {};
  output.note(`${face.path}: ${psnr.toFixed(1)} dB, identity distance ${identity.toFixed(2)}`);
  await show(output, face.crop, "aligned.png");
  await show(output, face.reconstruction, "reconstruction.png");

  const names = await packDirectionNames(model);
  const pictures: Picture[] = [];
  const labels: string[] = [];
  for (const [index, name] of names.entries()) {
    pictures.push(...(await editsAlong(await readPackDirection(model, name), face.result.w, model)));
    labels.push(...AMOUNTS.map((amount) => `${name} ${amount > 0 ? "+" : ""}${amount} σ`));
    output.progress({ phase: "edit", done: index + 1, total: names.length });
  }
  if (pictures.length === 0) return;
  await show(
    output,
    await contactSheet(pictures, { columns: AMOUNTS.length, labels, cell: CELL }),
    "edits.png",
  );
}

async function invert(output: TextOutput, model: Model, workshop: Workshop): Promise<InvertedFace> {
  const { faces } = await invertPhoto(
    PHOTO,
    new Inverter(model, await workshop.faces()),
    { outputFolder: OUT, overwrite: true, run: runBlock(model.runtime.provider) },
    {
      onProgress: ({ phase, iteration, iterations }) => {
        output.progress({ phase, done: iteration, total: iterations });
      },
    },
  );
  const [face] = faces;
  if (face === undefined) throw new Error(`${PHOTO} gave no face`);
  return face;
}

/** One face for each amount. */
async function editsAlong(direction: Direction, w: Float32Array, model: Model): Promise<Picture[]> {
  const { layers, wDimension, resolution } = model;
  const codes = new Float32Array(AMOUNTS.length * w.length);
  for (const [index, amount] of AMOUNTS.entries()) {
    codes.set(applyEdits(w, layers, wDimension, [editAlong(direction, amount)]), index * w.length);
  }
  const faces = await model.synthesize(codes, AMOUNTS.length);
  return AMOUNTS.map((_, index) => fromTensor(faces, resolution, resolution, index));
}

async function show(output: TextOutput, picture: Picture, name: string): Promise<void> {
  const path = join(OUT, name);
  await encodePicture(picture, path);
  output.note(path);
}

async function main(): Promise<void> {
  const output = new TextOutput(process.stdout, process.stderr);
  const workshop = new Workshop("auto");
  try {
    await demo(output, workshop);
  } catch (error) {
    output.fail(sentenceOf(error));
    process.exitCode = FAILED;
  } finally {
    await workshop.close();
  }
}

void main();
