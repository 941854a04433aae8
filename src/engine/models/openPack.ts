import { realpath, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileFailure, readFileBounded, RfmError, sha256 } from "../files";
import { parseChecked } from "./checkSchema";
import { MANIFEST_NAME, MANIFEST_VERSION, type ModelManifest, type PackFile, type PackFileRole } from "./manifest";

const MAXIMUM_MANIFEST = 1 << 20;

/** A folder of ONNX files and what it says about itself. Its files are checked when they are read. */
export class ModelPack {
  constructor(
    readonly folder: string,
    readonly manifest: ModelManifest,
  ) {}

  /** Identity of the model. */
  get sha256(): string {
    return this.manifest.sha256;
  }

  /** Whether the pack has a file for this. */
  has(role: PackFileRole): boolean {
    return this.manifest.files[role] !== undefined;
  }

  /**
   * Bytes of one file, which are those that the manifest promises.
   *
   * @throws RfmError("model") where the file is missing, elsewhere, or another one.
   */
  async read(role: PackFileRole): Promise<Uint8Array> {
    const file = this.manifest.files[role];
    if (file === undefined)
      throw new RfmError("model", `The model pack ${this.folder} has no ${role}; use a pack that has one.`);
    return await readPackFile(this.folder, file);
  }
}

/**
 * Opens a model pack: reads and checks its manifest and the presence and size of its files, not yet their
 * contents. A pack may come from anywhere: no name in it leaves the folder, nothing in it is executed.
 *
 * @throws RfmError("model" or "file")
 */
export async function openPack(folder: string): Promise<ModelPack> {
  const root = resolve(folder);
  const manifest = parseManifest(await readManifestText(root), join(root, MANIFEST_NAME));
  await checkPackFiles(root, Object.values(manifest.files));
  return new ModelPack(root, manifest);
}

/** Checks presence, place and size of a pack's files. @throws RfmError("model" or "file") */
export async function checkPackFiles(folder: string, files: readonly PackFile[]): Promise<void> {
  for (const file of files) {
    const place = await placeOf(folder, file.path);
    const { size } = await stat(place);
    if (size !== file.bytes) {
      throw new RfmError(
        "model",
        `${place} has ${size} bytes where ${MANIFEST_NAME} says ${file.bytes}; get the model pack again.`,
      );
    }
  }
}

/** Bytes of a pack's file, which are those that its manifest promises. @throws RfmError("model" or "file") */
export async function readPackFile(folder: string, file: PackFile): Promise<Uint8Array> {
  const path = await placeOf(folder, file.path);
  const bytes = await readFileBounded(path, file.bytes);
  if (bytes.length !== file.bytes || sha256(bytes) !== file.sha256) {
    throw new RfmError(
      "model",
      `${path} is not the file that ${MANIFEST_NAME} beside it describes; get the model pack again.`,
    );
  }
  return bytes;
}

/** The text of a folder's `model.json`. @throws RfmError("model") where the folder is no pack. */
export async function readManifestText(root: string): Promise<string> {
  const path = join(root, MANIFEST_NAME);
  try {
    return (await readFileBounded(path, MAXIMUM_MANIFEST)).toString("utf8");
  } catch (cause) {
    if (await exists(path)) throw cause;
    throw new RfmError("model", `${root} is no model pack (it has no ${MANIFEST_NAME}); name the folder of one.`, {
      cause,
    });
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

/** Parses a `model.json`. @param path for messages. @throws RfmError("model") */
export function parseManifest(text: string, path: string): ModelManifest {
  refuseNewer(text, path);
  const manifest = parseChecked(text, "model", path) as ModelManifest;
  const { architecture, layers, resolution, psi, space } = manifest;
  // Generators of somebody's own have as many rows as they like.
  const wanted = space === "z" ? 1 : architecture === "onnx" ? layers : 2 * Math.log2(resolution) - 2;
  if (layers !== wanted)
    throw new RfmError(
      "model",
      `${path} describes no model (${layers} layers do not make ${resolution} pixels); get the model pack again.`,
    );
  if (psi.cutoff !== null && psi.cutoff > layers)
    throw new RfmError(
      "model",
      `${path} describes no model (psi is cut off after layer ${psi.cutoff} of ${layers}); get the model pack again.`,
    );
  return manifest;
}

/** A pack of the future is no broken one: the sentence says so before the schema complains. */
export function refuseNewer(text: string, path: string): void {
  const version = /"version"\s*:\s*(\d{1,9})/.exec(text)?.[1];
  if (version !== undefined && Number(version) > MANIFEST_VERSION) {
    throw new RfmError("model", `${path} was made by a newer version of RFM; update RFM to use this model.`);
  }
}

/** The real path of a file of the folder. The schema admits bare names only; a link must not lead out either. */
async function placeOf(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  try {
    const [place, root] = await Promise.all([realpath(path), realpath(folder)]);
    if (dirname(place) === root) return place;
  } catch (error) {
    throw fileFailure(path, "read", error);
  }
  throw new RfmError("model", `${path} is a link out of the model pack; get the model pack again.`);
}
