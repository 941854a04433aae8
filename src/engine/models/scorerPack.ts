import { join, resolve } from "node:path";
import { RfmError, sha256, writeFileAtomically, type AttributeRecord } from "../files";
import { readModel, writeModel, type Graph } from "../onnx";
import { BATCH } from "./writePack";
import { parseChecked } from "./checkSchema";
import { MANIFEST_NAME, MANIFEST_VERSION, type PackFile } from "./manifest";
import { checkPackFiles, readManifestText, readPackFile, refuseNewer } from "./openPack";
import { refuseForeignFolder, replaceFolder } from "./packFolder";

/** One number for each of red, green and blue. */
export type ColourNumbers = readonly [red: number, green: number, blue: number];

/** How pictures go into a scorer's network, x in [-1, 1] as `(low + (x + 1) / 2 * (high - low) - mean) / deviation`. */
export interface ScorerInput {
  /** Side of the pictures that the network takes. */
  readonly size: number;
  /** What -1 and 1 become, [low, high]; as [-1, 1] they stay. */
  readonly range: readonly [low: number, high: number];
  readonly mean: ColourNumbers;
  readonly deviation: ColourNumbers;
}

/** `model.json` of a scorer pack, as `media/schemas/scorer.schema.json` says. */
export interface ScorerManifest {
  readonly $schema?: string;
  readonly kind: "scorer";
  readonly version: number;
  readonly name: string;
  readonly title: string;
  readonly architecture: "scorer";
  /** Identity of the scorer: of its weights, its input and its attributes. */
  readonly sha256: string;
  readonly input: ScorerInput;
  readonly attributes: readonly AttributeRecord[];
  readonly licence?: string;
  readonly data?: string;
  /** Columns of each file, in their order; one file has them all where this is missing. */
  readonly parts?: readonly number[];
  /** `scorer`, and `scorer2`, `scorer3`, ... where there are several: an ONNX file has room for 2 GiB. */
  readonly files: Readonly<Record<string, PackFile>> & { readonly scorer: PackFile };
}

/** What a scorer pack is made of. */
export interface ScorerSource {
  /** Letters, digits, dots, dashes: the name that label sets will tell. */
  readonly name: string;
  readonly title: string;
  /**
   * A network of batch 1 and any batch: input `x` [1, 3, size, size], output `scores` [1, attributes]. Several are a file each,
   * made one after the other: the columns of the second follow those of the first.
   */
  readonly graph: Graph | AsyncIterable<Graph>;
  readonly attributes: readonly AttributeRecord[];
  /** Default: pictures in [-1, 1] as they are. */
  readonly input?: Partial<Omit<ScorerInput, "size">>;
  /** Identity of the weights, where it should outlive the way the graph is built; default: the hash of the graph. */
  readonly weightsSha256?: string;
  readonly licence?: string;
  readonly data?: string;
}

/** A scorer pack, opened: its manifest is checked, its file when it is read. */
export class ScorerPack {
  constructor(
    readonly folder: string,
    readonly manifest: ScorerManifest,
  ) {}

  /** Columns of each of its files. */
  get parts(): readonly number[] {
    return this.manifest.parts ?? [this.manifest.attributes.length];
  }

  /** Bytes of all its files. */
  get bytes(): number {
    return Object.values(this.manifest.files).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * The ONNX file of a network.
   *
   * @param part from 0.
   * @throws RfmError("model") where it is not the one that the manifest promises.
   */
  async read(part = 0): Promise<Uint8Array> {
    const { files } = this.manifest;
    return await readPackFile(this.folder, files[roleOf(part)] ?? files.scorer);
  }
}

/**
 * Writes a folder with a scorer: its network as ONNX and what goes in and comes out. Appears as a whole or not at all; a
 * pack that is there already is replaced, anything else stays.
 *
 * @throws RfmError("model") where graph and attributes do not fit each other, "file" where the folder cannot be written
 */
export async function buildScorerPack(folder: string, source: ScorerSource): Promise<ScorerPack> {
  const root = resolve(folder);
  await refuseForeignFolder(root);
  const built: ScorerManifest[] = [];
  await replaceFolder(root, async (fresh) => {
    const files: Record<string, PackFile> = {};
    const parts: number[] = [];
    let size: number | undefined;
    for await (const graph of graphsOf(source)) {
      const role = roleOf(parts.length);
      const columns = columnsOf(source, graph);
      const side = sizeOf(source, graph);
      if (side !== (size ?? side)) throw differentSizes(source, size, side);
      size = side;
      const bytes = writeModel(graph, { batch: BATCH });
      refuseFixedBatch(bytes, source, columns);
      files[role] = { path: `${role}.onnx`, bytes: bytes.length, sha256: sha256(bytes) };
      parts.push(columns);
      await writeFileAtomically(join(fresh, `${role}.onnx`), bytes);
    }
    const manifest = manifestOf(source, files, parts, size ?? 0);
    const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
    built.push(parseScorerManifest(text, `The new scorer ${source.name}`));
    await writeFileAtomically(join(fresh, MANIFEST_NAME), text);
  });
  const [manifest] = built;
  return manifest === undefined ? await openScorerPack(root) : new ScorerPack(root, manifest);
}

async function* graphsOf({ graph }: ScorerSource): AsyncGenerator<Graph> {
  if (Symbol.asyncIterator in graph) yield* graph;
  else yield graph;
}

function manifestOf(
  source: ScorerSource,
  files: Readonly<Record<string, PackFile>>,
  parts: readonly number[],
  size: number,
): ScorerManifest {
  const { name, title, attributes, licence, data } = source;
  const columns = parts.reduce((sum, part) => sum + part, 0);
  const { scorer } = files;
  if (scorer === undefined || columns !== attributes.length) throw misfit(source, columns);
  const input: ScorerInput = {
    size,
    range: source.input?.range ?? [-1, 1],
    mean: source.input?.mean ?? [0, 0, 0],
    deviation: source.input?.deviation ?? [1, 1, 1],
  };
  const hashes = Object.values(files).map((file) => file.sha256);
  const weights = source.weightsSha256 ?? (hashes.length === 1 ? scorer.sha256 : sha256(hashes.join()));
  return {
    $schema: "rfm-schema:/scorer.schema.json",
    kind: "scorer",
    version: MANIFEST_VERSION,
    name,
    title,
    architecture: "scorer",
    sha256: sha256(JSON.stringify([weights, input.size, input.range, input.mean, input.deviation, attributes])),
    input,
    attributes,
    ...(licence === undefined ? {} : { licence }),
    ...(data === undefined ? {} : { data }),
    ...(parts.length === 1 ? {} : { parts }),
    files: { ...files, scorer },
  };
}

/** What a part is called in a pack: `scorer`, `scorer2`, ... */
function roleOf(part: number): string {
  return part === 0 ? "scorer" : `scorer${part + 1}`;
}

/**
 * Opens a scorer pack: checks its manifest and the size of its file. It may come from anywhere: no name in it leaves the
 * folder, nothing in it is executed.
 *
 * @throws RfmError("model" or "file")
 */
export async function openScorerPack(folder: string): Promise<ScorerPack> {
  const root = resolve(folder);
  const manifest = parseScorerManifest(await readManifestText(root), join(root, MANIFEST_NAME));
  await checkPackFiles(root, Object.values(manifest.files));
  return new ScorerPack(root, manifest);
}

function parseScorerManifest(text: string, path: string): ScorerManifest {
  refuseNewer(text, path);
  const manifest = parseChecked(text, "scorer", path) as ScorerManifest;
  const { attributes, files, input, parts = [attributes.length] } = manifest;
  const isWhole = parts.every((_, part) => files[roleOf(part)] !== undefined);
  const columns = parts.reduce((sum, part) => sum + part, 0);
  if (!isWhole || Object.keys(files).length !== parts.length || columns !== attributes.length)
    throw wrong(path, "its files do not fit its attributes");
  const names = new Set<string>();
  for (const { name } of attributes) {
    if (names.has(name)) throw wrong(path, `it names the attribute "${name}" twice`);
    names.add(name);
  }
  if (input.range[0] === input.range[1]) throw wrong(path, "its range is empty");
  if (input.deviation.includes(0)) throw wrong(path, "it divides by the deviation 0");
  return manifest;
}

/** Side of the pictures that a graph takes. */
function sizeOf(source: ScorerSource, graph: Graph): number {
  const [batch, colours, height, width] = graph.inputs.get("x")?.shape ?? [];
  const takesPictures = graph.inputs.size === 1 && batch === 1 && colours === 3 && height === width;
  if (takesPictures && width !== undefined) return width;
  throw misfit(source, source.attributes.length);
}

/** Scores that a graph gives. */
function columnsOf(source: ScorerSource, graph: Graph): number {
  const [batch, columns, ...more] = graph.types.get("scores")?.shape ?? [];
  if (graph.outputs.includes("scores") && batch === 1 && columns !== undefined && more.length === 0) return columns;
  throw misfit(source, 0);
}

function misfit({ name, attributes }: ScorerSource, columns: number): RfmError {
  const gives = columns === 0 || columns === attributes.length ? "" : `, but gives ${columns}`;
  return new RfmError(
    "model",
    `The network of the scorer ${name} does not take x [1,3,S,S] to scores [1,${attributes.length}]${gives}; build it for its attributes.`,
  );
}

function differentSizes({ name }: ScorerSource, one = 0, other = 0): RfmError {
  return new RfmError(
    "model",
    `The networks of the scorer ${name} take pictures of ${one} and ${other} pixels; use networks of one size.`,
  );
}

/** A graph that was built for one picture may have that number written into it. */
function refuseFixedBatch(bytes: Uint8Array, { name }: ScorerSource, columns: number): void {
  let cause: unknown;
  try {
    const shape = readModel(bytes, { [BATCH]: 2 }).types.get("scores")?.shape.join();
    if (shape === [2, columns].join()) return;
  } catch (error) {
    cause = error;
  }
  throw new RfmError(
    "model",
    `The network of the scorer ${name} takes one picture only; build it so that its first axis can have any size.`,
    { cause },
  );
}

function wrong(path: string, what: string): RfmError {
  return new RfmError("model", `${path} describes no scorer (${what}); get the scorer pack again.`);
}
