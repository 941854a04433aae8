import { rm } from "node:fs/promises";
import { join } from "node:path";
import { RfmError, sha256, withLock, writeFileAtomically } from "../files";
import { writeModel, type Graph } from "../onnx";
import { MANIFEST_NAME, type EncoderFit, type ModelManifest } from "./manifest";
import { openPack, parseManifest, type ModelPack } from "./openPack";
import { BATCH } from "./writePack";

export interface NewEncoder {
  /** x [1,3,S,S] -> `w` [1,L,D] in w+ (or z where the model is edited there), for any batch. */
  readonly graph: Graph;
  /** How it was fitted. */
  readonly fit: EncoderFit;
}

/**
 * Gives a pack an encoder, in place of one that it may have. Its identity is that of the generator and stays. The new file
 * has a name of its own, so that the pack is whole at every moment.
 *
 * @throws RfmError("model" or "file")
 */
export async function addEncoder(folder: string, { graph, fit }: NewEncoder): Promise<ModelPack> {
  const bytes = writeModel(graph, { batch: BATCH });
  const hash = sha256(bytes);
  const path = `encoder-${hash.slice(0, 12)}.onnx`;
  return withLock(folder, async () => {
    const { manifest, folder: root } = await openPack(folder);
    const before = manifest.files.encoder?.path;
    const changed: ModelManifest = {
      ...manifest,
      files: { ...manifest.files, encoder: { path, bytes: bytes.length, sha256: hash } },
      encoderOutput: "w+",
      encoderFit: fit,
    };
    const text = `${JSON.stringify(changed, undefined, 2)}\n`;
    parseManifest(text, `The pack ${manifest.name} with its encoder`);
    try {
      await writeFileAtomically(join(root, path), bytes);
      await writeFileAtomically(join(root, MANIFEST_NAME), text);
    } catch (error) {
      if (before !== path) await rm(join(root, path), { force: true });
      throw error instanceof RfmError ? error : new RfmError("file", `${root} cannot be written.`, { cause: error });
    }
    if (before !== undefined && before !== path) await rm(join(root, before), { force: true });
    return openPack(folder);
  });
}
