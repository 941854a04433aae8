import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeSafetensors } from "../../src/engine/checkpoints";
import { Random } from "./random";

/** The source folder of a random StyleGAN2 of 16 pixels with noise and an encoder: w [6,24], z 16. */
export async function writeSmallSource(folder: string, changes: object = {}): Promise<void> {
  const generator = new URL("../fixtures/networks/small.safetensors", import.meta.url);
  await copyFile(fileURLToPath(generator), join(folder, "generator.safetensors"));
  const random = new Random(8);
  const encoder = writeSafetensors(
    new Map([
      ["mean", { dtype: "float32", shape: [192], data: random.normals(192) }],
      ["proj", { dtype: "float32", shape: [192, 16], data: random.normals(192 * 16) }],
    ]),
  );
  await writeFile(join(folder, "encoder.safetensors"), encoder);
  const source = {
    name: "small",
    title: "A random generator",
    architecture: "stylegan2",
    generator: "generator.safetensors",
    encoder: { kind: "linear", weights: "encoder.safetensors" },
    psi: { default: 1, cutoff: null },
    alignment: { scale: 1, centre: 0.1 },
    licence: "none",
    data: "none",
    ...changes,
  };
  await writeFile(join(folder, "source.json"), JSON.stringify(source));
}
