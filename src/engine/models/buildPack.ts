import { copyFile, mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { readAll, readSafetensors, toFloat32, writeNpy, writeSafetensors } from "../checkpoints";
import { fileFailure, sha256, sha256OfFile, withLock, writeFileAtomically } from "../files";
import {
  linearEncoder,
  styleGan2Mapping,
  styleGan2Noise,
  styleGan2Shape,
  styleGan2Synthesis,
  weightOf,
  weightsFrom,
  type Weights,
} from "../networks";
import { writeModel, type Graph } from "../onnx";
import { modelIdentity } from "./identity";
import {
  MANIFEST_NAME,
  MANIFEST_VERSION,
  type ModelManifest,
  type PackFile,
  type PackFileRole,
} from "./manifest";
import { openPack } from "./openPack";
import { replaceFolder } from "./packFolder";
import { readSource, type ModelSource } from "./source";

/** The symbolic batch axis of a pack's graphs. */
export const BATCH = "N";

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
        await writePack(sourceFolder, source, fresh, key);
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

async function writePack(from: string, source: ModelSource, to: string, key: string): Promise<void> {
  const tensors = await readAll(await readSafetensors(join(from, source.generator)));
  const weights = weightsFrom(tensors);
  const { resolution, layers, zDimension, wDimension } = styleGan2Shape(weights);
  const contents = {
    mapping: file("mapping.onnx", onnx(styleGan2Mapping(weights))),
    synthesis: file("synthesis.onnx", onnx(styleGan2Synthesis(weights))),
    average: file("w-average.npy", averageOf(weights)),
    ...(source.encoder && {
      encoder: file("encoder.onnx", await encoder(join(from, source.encoder.weights), resolution)),
    }),
    ...noiseOf(weights),
  } satisfies Partial<Record<PackFileRole, Content>>;
  const manifest: ModelManifest = {
    $schema: "rfm-schema:/model.schema.json",
    kind: "model",
    version: MANIFEST_VERSION,
    name: source.name,
    title: source.title,
    architecture: source.architecture,
    sha256: modelIdentity(tensors),
    space: "w+",
    resolution,
    layers,
    zDimension,
    wDimension,
    psi: source.psi,
    alignment: source.alignment,
    licence: source.licence,
    data: source.data,
    files: {
      mapping: contents.mapping.entry,
      synthesis: contents.synthesis.entry,
      average: contents.average.entry,
      ...(contents.encoder && { encoder: contents.encoder.entry }),
      ...(contents.noise && { noise: contents.noise.entry }),
    },
    build: { key },
  };
  for (const { entry, bytes } of Object.values(contents)) await writeFileAtomically(join(to, entry.path), bytes);
  await copyCompanions(from, to);
  await writeFileAtomically(join(to, MANIFEST_NAME), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

interface Content {
  readonly entry: PackFile;
  readonly bytes: Uint8Array;
}

function file(path: string, bytes: Uint8Array): Content {
  return { entry: { path, bytes: bytes.length, sha256: sha256(bytes) }, bytes };
}

function onnx(graph: Graph): Uint8Array {
  return writeModel(graph, { batch: BATCH });
}

async function encoder(path: string, resolution: number): Promise<Uint8Array> {
  return onnx(linearEncoder(weightsFrom(await readAll(await readSafetensors(path))), resolution));
}

function averageOf(weights: Weights): Uint8Array {
  const { type, shape, data } = weightOf(weights, "truncation.w_avg");
  const dtype = type === "float16" ? type : "float32";
  return writeNpy(toFloat32({ dtype, shape, data }), shape);
}

/** The stored noise pictures by input, where the network has any. */
function noiseOf(weights: Weights): { noise?: Content } {
  const noises = styleGan2Noise(weights);
  if (noises.length === 0) return {};
  const tensors = new Map(
    noises.map(({ input, resolution, stored }) => [
      input,
      { dtype: "float32", shape: [1, 1, resolution, resolution], data: stored } as const,
    ]),
  );
  return { noise: file("noise.safetensors", writeSafetensors(tensors)) };
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
