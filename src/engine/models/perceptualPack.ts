import { join, resolve } from "node:path";
import { RfmError, sha256, writeFileAtomically } from "../files";
import { lpips, type Weights } from "../networks";
import { formatShape, readModel, writeModel, type Graph } from "../onnx";
import type { Runtime, Session } from "../runtime";
import { parseChecked } from "./checkSchema";
import { weightsIdentity } from "./identity";
import { MANIFEST_NAME, MANIFEST_VERSION, type ImportRecord, type PackFile } from "./manifest";
import { checkPackFiles, readManifestText, readPackFile, refuseNewer } from "./openPack";
import { refuseForeignFolder, replaceFolder } from "./packFolder";
import { BATCH } from "./writePack";

/** Height and width of pictures in pixels. */
type PictureSize = readonly [height: number, width: number];

/** Names of the axes of pictures that are chosen when the pack is opened. */
const AXES = [BATCH, undefined, "H", "W"] as const;
/** VGG16 halves a picture four times. */
const SMALLEST = 16;
const COLOURS = 3;

/** `model.json` of a perceptual pack, as `media/schemas/perceptual.schema.json` says. */
export interface PerceptualManifest {
  readonly $schema?: string;
  readonly kind: "perceptual";
  readonly version: number;
  readonly name: string;
  readonly title: string;
  readonly architecture: "lpips-vgg16";
  /** Identity of the weights. */
  readonly sha256: string;
  readonly licence?: string;
  /** The files that it was imported from. */
  readonly imported?: ImportRecord["files"];
  readonly files: { readonly perceptual: PackFile };
}

/** What a perceptual pack is made of. */
export interface PerceptualSource {
  /** Letters, digits, dots, dashes. */
  readonly name: string;
  readonly title: string;
  /** {@link lpips}'s weights. */
  readonly weights: Weights;
  readonly licence?: string;
  readonly files?: ImportRecord["files"];
}

/**
 * Writes a folder with LPIPS for pictures of any size. Appears as a whole or not at all; a pack that is there already is
 * replaced, anything else stays.
 *
 * @throws RfmError("model") where the weights do not fit together, "file" where the folder cannot be written.
 */
export async function buildPerceptualPack(
  folder: string,
  { name, title, weights, licence, files }: PerceptualSource,
): Promise<PerceptualManifest> {
  const graph = lpips(weights, [SMALLEST, SMALLEST]);
  const bytes = writeModel(graph, { axisName: (_value, axis) => AXES[axis] });
  const file: PackFile = { path: "perceptual.onnx", bytes: bytes.length, sha256: sha256(bytes) };
  const manifest: PerceptualManifest = {
    $schema: "rfm-schema:/perceptual.schema.json",
    kind: "perceptual",
    version: MANIFEST_VERSION,
    name,
    title,
    architecture: "lpips-vgg16",
    sha256: weightsIdentity(weights),
    ...(licence === undefined ? {} : { licence }),
    ...(files === undefined ? {} : { imported: files }),
    files: { perceptual: file },
  };
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  parsePerceptual(text, `The new pack ${name}`);
  const root = resolve(folder);
  await refuseForeignFolder(root);
  await replaceFolder(root, async (fresh) => {
    await writeFileAtomically(join(fresh, file.path), bytes);
    await writeFileAtomically(join(fresh, MANIFEST_NAME), text);
  });
  return manifest;
}

/**
 * Opens a perceptual pack. It may come from anywhere: no name in it leaves the folder, nothing in it is executed.
 *
 * @throws RfmError("model" or "file")
 */
export async function openPerceptual(folder: string, runtime: Runtime): Promise<Perceptual> {
  const root = resolve(folder);
  const manifest = parsePerceptual(await readManifestText(root), join(root, MANIFEST_NAME));
  await checkPackFiles(root, Object.values(manifest.files));
  return new Perceptual(root, manifest, runtime);
}

/** A perceptual distance at work, on pictures of any size. */
export class Perceptual {
  readonly #sessions = new Map<string, Promise<Session>>();

  /** Use {@link openPerceptual}. */
  constructor(
    readonly folder: string,
    readonly manifest: PerceptualManifest,
    private readonly runtime: Runtime,
  ) {}

  /**
   * The graph a, b [batch,3,H,W] in [-1,1] -> `distance` [batch], for building losses on: it can be differentiated.
   *
   * @throws RfmError("usage") where the pictures are smaller than 16 pixels, "model" where the file is not the pack's.
   */
  async graph([height, width]: PictureSize, batch = 1): Promise<Graph> {
    const { folder, manifest } = this;
    if (!(height >= SMALLEST && width >= SMALLEST)) {
      throw new RfmError(
        "usage",
        `Pictures of ${height}x${width} pixels are too small for LPIPS, which takes ${SMALLEST}x${SMALLEST} at least; use larger ones.`,
      );
    }
    const bytes = await readPackFile(folder, manifest.files.perceptual);
    const graph = readModel(bytes, { [BATCH]: batch, H: height, W: width });
    const picture = [batch, COLOURS, height, width];
    const [a, b] = [graph.inputs.get("a")?.shape, graph.inputs.get("b")?.shape];
    const distance = graph.types.get("distance")?.shape;
    const fits =
      graph.inputs.size === 2 &&
      a?.join() === picture.join() &&
      b?.join() === picture.join() &&
      graph.outputs.join() === "distance" &&
      distance?.join() === String(batch);
    if (fits) return graph;
    throw new RfmError(
      "model",
      `${join(folder, manifest.files.perceptual.path)} does not measure two pictures ${formatShape(picture)}; import the pack again.`,
    );
  }

  /**
   * How different pictures look, each from the one at the same place: 0 for equal ones, about 0.7 for unrelated ones.
   *
   * @param a n pictures [n,3,H,W] in [-1,1].
   * @param b as many.
   * @returns n distances.
   * @throws RfmError("usage") where the arrays do not fit the size.
   */
  async distance(a: Float32Array, b: Float32Array, size: PictureSize, signal?: AbortSignal): Promise<Float32Array> {
    const pixels = COLOURS * size[0] * size[1];
    const n = a.length / pixels;
    if (!Number.isInteger(n) || n < 1 || a.length !== b.length) {
      throw new RfmError(
        "usage",
        `${a.length} and ${b.length} numbers are no equally many pictures of ${size.join("x")} pixels; compare pictures of one size.`,
      );
    }
    const session = await this.#session(size);
    const distances = new Float32Array(n);
    for (let i = 0; i < n; i++) {
      const picture = (of: Float32Array): Float32Array => of.slice(i * pixels, (i + 1) * pixels);
      const { distance } = await session.run({ a: picture(a), b: picture(b) }, signal);
      distances[i] = distance?.[0] ?? NaN;
    }
    return distances;
  }

  /** Frees the sessions; the runtime stays. */
  async dispose(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const session of await Promise.allSettled(sessions)) {
      if (session.status === "fulfilled") await session.value.release();
    }
  }

  #session(size: PictureSize): Promise<Session> {
    const key = size.join();
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const opening = this.graph(size).then((graph) =>
      this.runtime.compile(graph, { name: this.manifest.name }),
    );
    this.#sessions.set(key, opening);
    // A failure may pass (memory, a driver): the next call tries again.
    opening.catch(() => this.#sessions.delete(key));
    return opening;
  }
}

function parsePerceptual(text: string, path: string): PerceptualManifest {
  refuseNewer(text, path);
  return parseChecked(text, "perceptual", path) as PerceptualManifest;
}
