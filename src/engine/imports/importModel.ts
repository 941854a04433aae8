import { basename, resolve } from "node:path";
import { openCheckpoint, type OpenedCheckpoint } from "../checkpoints";
import { RfmError, sha256OfFile, throwIfCancelled } from "../files";
import { FFHQ_ALIGNMENT, type Alignment } from "../faces";
import {
  buildPerceptualPack,
  buildScorerPack,
  importGenerator,
  importOnnxGenerator,
  refuseForeignFolder,
  type ImportRecord,
} from "../models";
import { classifierGroups, classifierScores, lpipsPart, type CelebaClassifier } from "../networks";
import type { Graph } from "../onnx";
import type { Runtime } from "../runtime";
import { checkTogether } from "./checkTogether";
import { networksIn, type Networks } from "./contents";
import { SIGN_OF_MALE } from "./labelSets/nvidiaAttributes";
import { licencesOf, UNKNOWN_LICENCE } from "./licences";
import { onnxParts, type OnnxChoices } from "./onnxParts";

export interface ImportModelOptions {
  /** Folder of the new pack. */
  readonly folder: string;
  /** Default: the folder's name. */
  readonly name?: string;
  /** How faces are framed; default: as in FFHQ and CelebA-HQ. */
  readonly alignment?: Alignment;
  /** Of a generator in ONNX, where its files leave something open. */
  readonly onnx?: OnnxChoices;
  /** Bytes of weights in one file of a scorer pack at most; default 512 MiB. */
  readonly largestFile?: number;
  readonly runtime: Runtime;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?:
    | ((progress: { readonly phase: string; readonly done: number; readonly total: number }) => void)
    | undefined;
}

/** Several nets in a file run as one; few enough fit in memory when the file is made. */
const LARGEST_SCORER_FILE = 2 ** 29;

/** What became of the files. */
export interface ImportedModel {
  readonly kind: "generator" | "scorer" | "perceptual";
  readonly folder: string;
  readonly name: string;
  readonly sha256: string;
  /** In a few words. */
  readonly what: string;
  /** Sentences: what the files lack, and what works without it. */
  readonly missing: readonly string[];
  /** Sentences. */
  readonly licences: readonly string[];
}

/**
 * Makes one pack of checkpoint files that belong together: a generator with its mapping, average and encoder, face
 * classifiers, or the two halves of LPIPS. Recognised by content; the pack appears as a whole or not at all.
 *
 * @throws RfmError: one sentence; "checkpoint" where no network is in them.
 */
export async function importModel(
  paths: readonly string[],
  options: ImportModelOptions,
): Promise<ImportedModel> {
  const opened = await Promise.all(paths.map((path) => openCheckpoint(path)));
  // Graphs say themselves what they compute; the names of their weights say nothing.
  if (opened.some(({ container }) => container === "onnx")) return onnxGenerator(opened, options);
  const networks = networksIn(opened);
  checkTogether(opened, networks);
  const folder = resolve(options.folder);
  await refuseForeignFolder(folder);
  const name = packName(options.name ?? basename(folder));
  if (networks.generator !== undefined) return generator(opened, networks, name, { ...options, folder });
  if (networks.classifiers.length > 0) return scorer(networks, name, { ...options, folder });
  if (networks.lpips !== undefined) return perceptual(opened, networks, name, { ...options, folder });
  throw new RfmError("checkpoint", noNetwork(opened, networks));
}

function noNetwork(opened: readonly OpenedCheckpoint[], { encoder }: Networks): string {
  const names = opened.map(({ name }) => name).join(", ");
  if (encoder !== undefined) return `${names} holds an encoder without its generator; import both together.`;
  const part = opened.map((file) => lpipsPart(file)).find((found) => found !== undefined);
  if (part === "vgg")
    return `${names} holds VGG16 without the weights of LPIPS (lin0 to lin4); import it together with the lpips package's vgg.pth.`;
  if (part === "metric")
    return `${names} holds the weights of LPIPS without VGG16; import it together with torchvision's vgg16 file.`;
  return `${names} holds no network that is known here; look into it by \`rfm inspect\`.`;
}

async function generator(
  opened: readonly OpenedCheckpoint[],
  networks: Networks,
  name: string,
  options: ImportModelOptions,
): Promise<ImportedModel> {
  const { folder, runtime, signal, onProgress, alignment = FFHQ_ALIGNMENT } = options;
  const source = networks.generator;
  if (source === undefined) throw new RfmError("checkpoint", `${folder} has no generator to import.`);
  onProgress?.({ phase: "read", done: 0, total: 1 });
  const imported = await source.load();
  const encoder = await networks.encoder?.load();
  const licences = licencesOf(networks);
  const pack = await importGenerator(folder, imported, {
    name,
    title: name,
    alignment,
    licence: licences.join(" "),
    files: await recordsOf(opened),
    ...(encoder && { encoder }),
    runtime,
    signal,
    onProgress: (progress) => onProgress?.({ phase: "average", ...progress }),
  });
  const { resolution, layers, architecture } = pack.manifest;
  return {
    kind: "generator",
    folder: pack.folder,
    name,
    sha256: pack.sha256,
    what: `${architecture}, ${resolution} pixels, ${layers} ${layers === 1 ? "layer" : "layers"}, layout ${source.layout}`,
    missing: pack.manifest.imported?.missing ?? [],
    licences,
  };
}

async function onnxGenerator(
  opened: readonly OpenedCheckpoint[],
  options: ImportModelOptions,
): Promise<ImportedModel> {
  const foreign = opened.find(({ container }) => container !== "onnx");
  if (foreign !== undefined) {
    throw new RfmError(
      "checkpoint",
      `${foreign.name} holds weights without a graph and is no part of a generator in ONNX; import it by itself, or leave it out.`,
    );
  }
  const folder = resolve(options.folder);
  await refuseForeignFolder(folder);
  const name = packName(options.name ?? basename(folder));
  const { runtime, signal, onProgress, alignment = FFHQ_ALIGNMENT } = options;
  const parts = await onnxParts(
    opened.map((file) => file.name),
    runtime,
    options.onnx,
  );
  onProgress?.({ phase: "read", done: 0, total: 1 });
  const pack = await importOnnxGenerator(folder, parts, {
    name,
    title: name,
    alignment,
    licence: UNKNOWN_LICENCE,
    files: await recordsOf(opened),
    runtime,
    signal,
    onProgress: (progress) => onProgress?.({ phase: "average", ...progress }),
  });
  const { resolution, layers, space } = pack.manifest;
  return {
    kind: "generator",
    folder: pack.folder,
    name,
    sha256: pack.sha256,
    what: `ONNX generator, ${resolution} pixels, edited in ${space === "z" ? "z" : layers === 1 ? "w" : `w+ of ${layers} layers`}`,
    missing: pack.manifest.imported?.missing ?? [],
    licences: [UNKNOWN_LICENCE],
  };
}

async function scorer(
  networks: Networks,
  name: string,
  { folder, onProgress, signal, largestFile = LARGEST_SCORER_FILE }: ImportModelOptions,
): Promise<ImportedModel> {
  const sources = [...networks.classifiers].sort(
    (a, b) => (a.attribute.index ?? Infinity) - (b.attribute.index ?? Infinity),
  );
  const total = sources.length;
  let done = 0;
  /** A few at a time: all forty of the published size are more than one file and most memories hold. */
  async function* graphs(): AsyncGenerator<Graph> {
    let waiting: CelebaClassifier[] = [];
    for (const source of sources) {
      throwIfCancelled(signal);
      onProgress?.({ phase: "read", done: done++, total });
      const next = [...waiting, await source.load()];
      if (classifierGroups(next, largestFile).length > 1) {
        yield classifierScores(waiting);
        waiting = next.slice(-1);
      } else waiting = next;
    }
    yield classifierScores(waiting);
  }
  const licences = licencesOf(networks);
  const pack = await buildScorerPack(folder, {
    name,
    title: name,
    graph: graphs(),
    attributes: sources.map(({ record }) => record),
    licence: licences.join(" "),
  });
  return {
    kind: "scorer",
    folder: pack.folder,
    name,
    sha256: pack.manifest.sha256,
    what: `classifiers of ${sources.map(({ record }) => record.name).join(", ")}`,
    missing: sources.some(({ attribute }) => attribute.index === 0) ? [SIGN_OF_MALE] : [],
    licences,
  };
}

async function perceptual(
  opened: readonly OpenedCheckpoint[],
  networks: Networks,
  name: string,
  { folder, onProgress }: ImportModelOptions,
): Promise<ImportedModel> {
  onProgress?.({ phase: "read", done: 0, total: 1 });
  const weights = await networks.lpips?.load();
  if (weights === undefined) throw new RfmError("checkpoint", `${folder} has no LPIPS to import.`);
  const licences = licencesOf(networks);
  const { sha256 } = await buildPerceptualPack(folder, {
    name,
    title: name,
    weights,
    licence: licences.join(" "),
    files: await recordsOf(opened),
  });
  return {
    kind: "perceptual",
    folder,
    name,
    sha256,
    what: "LPIPS on VGG16, the perceptual distance",
    missing: [],
    licences,
  };
}

async function recordsOf(opened: readonly OpenedCheckpoint[]): Promise<ImportRecord["files"]> {
  return await Promise.all(
    opened.map(async ({ name }) => ({ name: basename(name), sha256: await sha256OfFile(name) })),
  );
}

/** A folder's name as a pack's: what is unusual is replaced. */
function packName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  return plain === "" ? "model" : plain.slice(0, 64);
}
