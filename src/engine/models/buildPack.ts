import { copyFile, mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { readAll, readSafetensors, toFloat32 } from "../checkpoints";
import { fileFailure, sha256, sha256OfFile, withLock } from "../files";
import { linearEncoder, weightOf, weightsFrom, type Weights } from "../networks";
import { generatorGraphs } from "./generator";
import { modelIdentity } from "./identity";
import type { ModelManifest } from "./manifest";
import { openPack } from "./openPack";
import { replaceFolder } from "./packFolder";
import { readSource, type ModelSource } from "./source";
import { writePack } from "./writePack";

const DIRECTIONS = "directions";
const CARD = "MODEL_CARD.md";
const BUILD_WAIT = 300_000;

/** What {@link buildPack} did. */
export interface BuiltPack {
  readonly folder: string;
  readonly manifest: ModelManifest;
  /** False where the pack was there already, made of the same source by the same builder. */
  readonly built: boolean;
}

/**
 * Builds a model pack from a folder with `source.json`, weights, MODEL_CARD.md and `directions/`. A pack that
 * is there already and made of the same things by the same builder stays; else a new one takes its place as
 * a whole.
 *
 * @param builder names the program that builds, so that another one builds anew: the hash of its bundle.
 * @throws RfmError("model", "checkpoint" or "file")
 */
export async function buildPack(sourceFolder: string, folder: string, builder: string): Promise<BuiltPack> {
  const files = await filesIn(sourceFolder);
  const hashes: string[] = [];
  for (const file of files)
    hashes.push(`${relative(sourceFolder, file).replaceAll("\\", "/")} ${await sha256OfFile(file)}`);
  const key = sha256([`builder ${builder}`, ...hashes.sort()].join("\n"));
  await mkdir(dirname(folder), { recursive: true });
  return await withLock(
    folder,
    async () => {
      const current = await currentManifest(folder, key);
      if (current !== undefined) return { folder, manifest: current, built: false };
      const source = await readSource(sourceFolder);
      await replaceFolder(folder, async (fresh) => {
        await fillPack(sourceFolder, source, fresh, key);
      });
      return { folder, manifest: (await openPack(folder)).manifest, built: true };
    },
    BUILD_WAIT,
  );
}

async function currentManifest(folder: string, key: string): Promise<ModelManifest | undefined> {
  try {
    const { manifest } = await openPack(folder);
    return manifest.build.key === key ? manifest : undefined;
  } catch {
    return undefined;
  }
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    throw fileFailure(folder, "list", error);
  }
}

async function fillPack(from: string, source: ModelSource, to: string, key: string): Promise<void> {
  const tensors = await readAll(await readSafetensors(join(from, source.generator)));
  const weights = weightsFrom(tensors);
  const { name, title, architecture, psi, alignment, licence, data } = source;
  const graphs = generatorGraphs(architecture, weights);
  const encoder = source.encoder && {
    graph: linearEncoder(
      weightsFrom(await readAll(await readSafetensors(join(from, source.encoder.weights)))),
      graphs.resolution,
    ),
    output: "z" as const,
  };
  await writePack(to, {
    graphs,
    average: averageOf(weights),
    ...(encoder && { encoder }),
    about: { name, title, architecture, sha256: modelIdentity(tensors), psi, alignment, licence, data },
    key,
  });
  await copyCompanions(from, to);
}

function averageOf(weights: Weights): Float32Array {
  const { type, shape, data } = weightOf(weights, "truncation.w_avg");
  return toFloat32({ dtype: type === "float16" ? type : "float32", shape, data });
}

/** The model card and the directions go with the pack. */
async function copyCompanions(from: string, to: string): Promise<void> {
  if (await isThere(join(from, CARD))) await copyFile(join(from, CARD), join(to, CARD));
  if (!(await isThere(join(from, DIRECTIONS)))) return;
  await mkdir(join(to, DIRECTIONS));
  for (const name of await readdir(join(from, DIRECTIONS))) {
    if (name.endsWith(".direction.json"))
      await copyFile(join(from, DIRECTIONS, name), join(to, DIRECTIONS, name));
  }
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
