import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  decodePicture,
  identityDistance,
  resizePicture,
  toTensor,
  type Picture,
} from "../../src/engine/faces";
import { invertPhoto, photoFace } from "../../src/engine/inversion";
import { latentCode } from "../../src/engine/latents";
import { evaluate, type Embedded } from "./embedded";
import { rankOf } from "./rank";
import { readFromTar } from "./tar";
import { reachesGoals, TuningEvaluation, tuningTable, type TuningRow } from "./tuning";

/** The faces that the embedded model was made from; they never enter the project. */
const ARCHIVE = resolve(__dirname, "../../shared/demo-model/faces128.tar");
const PHOTO = resolve(__dirname, "../test/fixtures/photos/astronaut.png");
/** Every 160th face, beginning at one that is held out of training (every 40th is). */
const GALLERY = Array.from({ length: 100 }, (_, i) => i * 160);
/** So many of the gallery are inverted themselves. */
const INVERTED = 12;
const GOALS = { psnr: 26, identity: 0.6 };

/**
 * Does the reconstruction look like the person? Inverts the shipped photo and some faces that the model never saw, and asks
 * the recognition net which of the photo and 100 other faces each reconstruction is nearest to.
 */
async function evaluateIdentity({ model, nets, inverter }: Embedded): Promise<void> {
  if (!(await exists(ARCHIVE))) {
    console.log(`identity: skipped, for ${ARCHIVE} is not there; it is no part of the project.`);
    return;
  }
  const embed = (picture: Picture): Promise<Float32Array> =>
    nets.embedCrops(toTensor(picture), 1, model.alignment);
  const embedOutput = (x: Float32Array): Promise<Float32Array> =>
    nets.embedCrops(
      x.map((value) => Math.min(1, Math.max(-1, value))),
      1,
      model.alignment,
    );
  const folder = await mkdtemp(join(tmpdir(), "rfm-evaluation-"));
  try {
    // The archive's pictures are cut with the model's own alignment already.
    const faces = await galleryFaces(folder);
    const gallery: Float32Array[] = [];
    for (const face of faces) gallery.push(await embed(face));

    const run = { createdAt: new Date().toISOString(), version: "evaluation" };
    const { faces: found } = await invertPhoto(PHOTO, inverter, { outputFolder: folder, run });
    const [face] = found;
    if (face === undefined) throw new Error(`${PHOTO} shows no face`);
    const own = face.document.metrics?.identity ?? NaN;
    const rank = rankOf(own, await embedOutput(face.result.reconstruction), gallery);
    const { psnr } = face.result.metrics;
    const holds = psnr >= GOALS.psnr && own < GOALS.identity && rank === 1;
    console.log(
      `astronaut.png: PSNR ${psnr.toFixed(2)} dB (goal ${GOALS.psnr}), SSIM ${face.result.metrics.ssim.toFixed(3)}, identity distance ${own.toFixed(3)} (goal < ${GOALS.identity}), rank ${rank} of ${gallery.length + 1}, ${face.seconds.toFixed(1)} s`,
    );

    const tuning = await TuningEvaluation.open(model, nets);
    const photo = await photoFace(face.document, face.path, model, nets);
    const w = latentCode(face.document, face.path, model);
    const rows: TuningRow[] = [await tuning.face("astronaut.png", { ...photo, w }, gallery)];

    const results: { psnr: number; own: number; rank: number }[] = [];
    for (const [index, picture] of faces.slice(0, INVERTED).entries()) {
      const embedding = gallery[index] ?? new Float32Array();
      const x = toTensor(resizePicture(picture, model.resolution, model.resolution, "area"));
      const { w: code, reconstruction, metrics } = await inverter.invert({ x, embedding });
      const found = await embedOutput(reconstruction);
      const others = gallery.filter((_, other) => other !== index);
      const distance = identityDistance(found, embedding);
      results.push({ psnr: metrics.psnr, own: distance, rank: rankOf(distance, found, others) });
      rows.push(await tuning.face(`archive ${GALLERY[index] ?? 0}`, { x, embedding, w: code }, others));
    }
    const mean = (pick: (result: { psnr: number; own: number }) => number): string =>
      (results.reduce((sum, result) => sum + pick(result), 0) / results.length).toFixed(3);
    console.log(
      `${results.length} faces of the archive: mean PSNR ${mean(({ psnr }) => psnr)} dB, mean identity distance ${mean(({ own }) => own)}, rank 1 for ${results.filter(({ rank }) => rank === 1).length}`,
    );
    console.log(`\nTuned, 100 steps each:\n\n${tuningTable(rows)}\n`);
    await tuning.dispose();
    if (!holds || !rows.slice(0, 1).every(reachesGoals)) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function galleryFaces(folder: string): Promise<Picture[]> {
  const names = GALLERY.map((index) => `${String(index).padStart(5, "0")}.jpg`);
  const files = await readFromTar(ARCHIVE, new Set(names));
  const pictures: Picture[] = [];
  for (const name of names) {
    const bytes = files.get(name);
    if (bytes === undefined) throw new Error(`${ARCHIVE} holds no ${name}`);
    const path = join(folder, name);
    await writeFile(path, bytes);
    pictures.push(await decodePicture(path));
  }
  return pictures;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

evaluate(evaluateIdentity);
