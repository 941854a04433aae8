import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileFailure, readFileBounded, RfmError, sha256, sha256OfFile, writeFileAtomically } from "../files";
import { FACE_NETS, faceNetFiles, faceNetGraphs, type FaceNetName } from "../networks";
import { writeModel, type Graph } from "../onnx";

/** Raised whenever the same weights would give other files. */
const BUILDER_VERSION = 1;
const MANIFEST = "model.json";
const MAXIMUM_MANIFEST = 1 << 20;
const MAXIMUM_NET = 1 << 27;

/** One net in the pack's manifest; the first axis of every shape is the batch, "N". */
interface NetEntry {
  readonly file: string;
  readonly sha256: string;
  readonly input: { readonly name: string; readonly shape: readonly (number | string)[]; readonly range: readonly number[] };
  readonly outputs: Readonly<Record<string, readonly (number | string)[]>>;
}

/** `model.json` of the face nets' pack. */
interface FaceNetManifest {
  readonly kind: "face-nets";
  readonly version: 1;
  readonly name: string;
  readonly licence: string;
  readonly source: string;
  /** Hash of the weights' files and the builder's version: what the pack was made of. */
  readonly key: string;
  readonly nets: Readonly<Record<FaceNetName, NetEntry>>;
}

/** What {@link buildFaceNetPack} did. */
export interface BuiltFaceNets {
  readonly folder: string;
  /** False where the pack was there already, made of the same weights by the same builder. */
  readonly built: boolean;
}

/**
 * Writes the face nets as ONNX files with a manifest. A pack that is there already and of the same weights stays; else
 * a new one takes its place as a whole.
 * @param weightsFolder the `model` folder of the package @vladmandic/face-api
 * @throws RfmError("file" | "checkpoint") where weights are missing or broken or the pack cannot be written
 */
export async function buildFaceNetPack(weightsFolder: string, folder: string): Promise<BuiltFaceNets> {
  const hashes: string[] = [];
  for (const file of faceNetFiles()) hashes.push(await sha256OfFile(join(weightsFolder, file)));
  const key = sha256([`builder ${BUILDER_VERSION}`, ...hashes].join("\n"));
  if (await isCurrent(folder, key)) return { folder, built: false };

  const graphs = await faceNetGraphs(weightsFolder);
  const fresh = join(dirname(folder), `.${basename(folder)}.${process.pid}.new`);
  try {
    await rm(fresh, { recursive: true, force: true });
    await mkdir(fresh, { recursive: true });
    const nets: Partial<Record<FaceNetName, NetEntry>> = {};
    for (const name of FACE_NETS) nets[name] = await writeNet(fresh, name, graphs[name]);
    const manifest = {
      kind: "face-nets",
      version: 1,
      name: "face-api",
      licence: "MIT",
      source: "@vladmandic/face-api",
      key,
      nets,
    };
    await writeFileAtomically(join(fresh, MANIFEST), `${JSON.stringify(manifest, undefined, 1)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw fileFailure(folder, "write", error);
  }
  return { folder, built: true };
}

async function writeNet(folder: string, name: FaceNetName, graph: Graph): Promise<NetEntry> {
  const bytes = writeModel(graph, { batch: "N" });
  const file = `${name}.onnx`;
  await writeFileAtomically(join(folder, file), bytes);
  const batched = (value: string): (number | string)[] => ["N", ...(graph.types.get(value)?.shape.slice(1) ?? [])];
  return {
    file,
    sha256: sha256(bytes),
    input: { name: "x", shape: batched("x"), range: [-1, 1] },
    outputs: Object.fromEntries(graph.outputs.map((output) => [output, batched(output)])),
  };
}

async function isCurrent(folder: string, key: string): Promise<boolean> {
  try {
    const manifest = await readManifest(folder);
    const files = new Set(await readdir(folder));
    return manifest.key === key && FACE_NETS.every((name) => files.has(manifest.nets[name].file));
  } catch {
    return false;
  }
}

/** The face nets' pack, opened: its files are read when they are asked for. */
export class FaceNetPack {
  constructor(
    readonly folder: string,
    private readonly manifest: FaceNetManifest,
  ) {}

  /** Names the pack's nets as a whole. */
  get sha256(): string {
    return sha256(FACE_NETS.map((name) => this.manifest.nets[name].sha256).join("\n"));
  }

  /** The ONNX file of a net, batch "N". @throws RfmError("model") where it is not the one the manifest names. */
  async read(name: FaceNetName): Promise<Uint8Array> {
    const { file, sha256: expected } = this.manifest.nets[name];
    const path = join(this.folder, basename(file));
    const bytes = await readFileBounded(path, MAXIMUM_NET);
    if (sha256(bytes) !== expected) throw broken(path, "is not the file that its model.json names");
    return bytes;
  }
}

/** Opens what {@link buildFaceNetPack} wrote. @throws RfmError("file" | "model") where it is missing or broken. */
export async function openFaceNetPack(folder: string): Promise<FaceNetPack> {
  return new FaceNetPack(folder, await readManifest(folder));
}

async function readManifest(folder: string): Promise<FaceNetManifest> {
  const path = join(folder, MANIFEST);
  const text = (await readFileBounded(path, MAXIMUM_MANIFEST)).toString("utf8");
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (cause) {
    throw broken(path, "is no JSON", cause);
  }
  if (!isManifest(manifest)) throw broken(path, "does not describe face nets of this version");
  return manifest;
}

function isManifest(value: unknown): value is FaceNetManifest {
  if (!isRecord(value) || value["kind"] !== "face-nets" || value["version"] !== 1) return false;
  const nets = value["nets"];
  if (typeof value["key"] !== "string" || !isRecord(nets)) return false;
  return FACE_NETS.every((name) => {
    const entry = nets[name];
    return isRecord(entry) && typeof entry["file"] === "string" && typeof entry["sha256"] === "string";
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function broken(path: string, what: string, cause?: unknown): RfmError {
  return new RfmError(
    "model",
    `${path} ${what}; build the packs again with \`npm run build\`.`,
    ...(cause === undefined ? [] : [{ cause }]),
  );
}
