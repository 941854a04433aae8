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
  readonly files: { readonly scorer: PackFile };
}

/** What a scorer pack is made of. */
export interface ScorerSource {
  /** Letters, digits, dots, dashes: the name that label sets will tell. */
  readonly name: string;
  readonly title: string;
  /** A network of batch 1 and any batch: input `x` [1, 3, size, size], output `scores` [1, attributes]. */
  readonly graph: Graph;
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

  /** The network's ONNX file. @throws RfmError("model") where it is not the one that the manifest promises. */
  async read(): Promise<Uint8Array> {
    return await readPackFile(this.folder, this.manifest.files.scorer);
  }
}

/**
 * Writes a folder with a scorer: its network as ONNX and what goes in and comes out. Appears as a whole or not at all; a
 * pack that is there already is replaced, anything else stays.
 *
 * @throws RfmError("model") where graph and attributes do not fit each other, "file" where the folder cannot be written
 */
export async function buildScorerPack(folder: string, source: ScorerSource): Promise<ScorerPack> {
  const { name, title, graph, attributes, licence, data } = source;
  const input: ScorerInput = {
    size: sizeOf(source),
    range: source.input?.range ?? [-1, 1],
    mean: source.input?.mean ?? [0, 0, 0],
    deviation: source.input?.deviation ?? [1, 1, 1],
  };
  const bytes = writeModel(graph, { batch: BATCH });
  refuseFixedBatch(bytes, source);
  const file: PackFile = { path: "scorer.onnx", bytes: bytes.length, sha256: sha256(bytes) };
  const weights = source.weightsSha256 ?? file.sha256;
  const manifest: ScorerManifest = {
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
    files: { scorer: file },
  };
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  parseScorerManifest(text, `The new scorer ${name}`);
  const root = resolve(folder);
  await refuseForeignFolder(root);
  await replaceFolder(root, async (fresh) => {
    await writeFileAtomically(join(fresh, file.path), bytes);
    await writeFileAtomically(join(fresh, MANIFEST_NAME), text);
  });
  return new ScorerPack(root, manifest);
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
  const { attributes, input } = manifest;
  const names = new Set<string>();
  for (const { name } of attributes) {
    if (names.has(name)) throw wrong(path, `it names the attribute "${name}" twice`);
    names.add(name);
  }
  if (input.range[0] === input.range[1]) throw wrong(path, "its range is empty");
  if (input.deviation.includes(0)) throw wrong(path, "it divides by the deviation 0");
  return manifest;
}

/** Side of the pictures that a graph takes, which must fit its attributes. */
function sizeOf({ name, graph, attributes }: ScorerSource): number {
  const [batch, colours, height, width] = graph.inputs.get("x")?.shape ?? [];
  const out = graph.types.get("scores")?.shape ?? [];
  const takesPictures = graph.inputs.size === 1 && batch === 1 && colours === 3 && height === width;
  const givesScores = graph.outputs.includes("scores") && out.join() === [1, attributes.length].join();
  if (takesPictures && givesScores && width !== undefined) return width;
  throw new RfmError(
    "model",
    `The network of the scorer ${name} does not take x [1,3,S,S] to scores [1,${attributes.length}]; build it for its attributes.`,
  );
}

/** A graph that was built for one picture may have that number written into it. */
function refuseFixedBatch(bytes: Uint8Array, { name, attributes }: ScorerSource): void {
  let cause: unknown;
  try {
    const shape = readModel(bytes, { [BATCH]: 2 }).types.get("scores")?.shape.join();
    if (shape === [2, attributes.length].join()) return;
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
