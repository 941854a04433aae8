import { RfmError } from "../files";
import { fileSource, type ByteSource } from "./byteSource";
import { refuseLfsPointer, type Checkpoint, type TensorEntry } from "./checkpoint";
import { namedTensors } from "./flatten";
import { isGzip, unzipped } from "./gzip";
import { parseNpy, parseNpyHeader } from "./npy";
import { isNpz, parseNpz } from "./npz";
import { onnxCheckpoint } from "./onnxFile";
import { readPickle, type PickleValue } from "./pickle";
import { parseSafetensors } from "./safetensors";
import { unreadable } from "./tensor";
import { isTorchMagic, parseTorchLegacy } from "./torch/legacyFile";
import type { FindStorage } from "./torch/tensor";
import { parseTorchZip, torchFolder } from "./torch/zipFile";
import { openZip } from "./zip";

/** How a checkpoint's tensors are kept. */
export type Container = "npy" | "npz" | "safetensors" | "onnx" | "torch" | "torch-legacy" | "pickle";

/** A checkpoint with what else its container tells. */
export interface OpenedCheckpoint extends Checkpoint {
  readonly container: Container;
  readonly gzip: boolean;
  /** Bytes of the file. */
  readonly size: number;
  /** The object that a pickle describes; missing where the container is none. */
  readonly root?: PickleValue;
}

/** Opens a checkpoint of any kind by its content, whatever its name ends in. Tensors are read when asked for. */
export async function openCheckpoint(path: string): Promise<OpenedCheckpoint> {
  return await parseCheckpoint(await fileSource(path));
}

/** @throws RfmError("checkpoint"): one sentence that names the file. */
export async function parseCheckpoint(source: ByteSource): Promise<OpenedCheckpoint> {
  if (source.size === 0) throw unreadable(source.name, "is empty", "get the file again");
  const head = await source.read(0, Math.min(source.size, 64));
  refuseLfsPointer(head, source.name);
  if (isGzip(head)) {
    const inner = await parseKnown(await unzipped(source));
    return { ...inner, gzip: true, size: source.size };
  }
  return { ...(await parseKnown(source, head)), gzip: false, size: source.size };
}

type Known = Checkpoint & Pick<OpenedCheckpoint, "container" | "root">;

async function parseKnown(source: ByteSource, start?: Uint8Array): Promise<Known> {
  const head = start ?? (await source.read(0, Math.min(source.size, 64)));
  const text = Buffer.from(head).toString("latin1");
  if (text.startsWith("\x93NUMPY")) return { ...(await npyCheckpoint(source)), container: "npy" };
  if (text.startsWith("PK")) return parseArchive(source);
  if (text.startsWith("\x80")) return parsePickled(source);
  if (looksLikeSafetensors(head, source.size))
    return { ...(await parseSafetensors(source)), container: "safetensors" };
  if (text.startsWith("\x08")) return { ...(await onnxCheckpoint(source)), container: "onnx" };
  // Protocol 0 has no mark of its own: the operations that such a pickle can begin with.
  if (/^(?:[(\]}]|c[\w.]+\n)/.test(text)) return parsePickled(source);
  throw unknown(source.name, text);
}

function unknown(name: string, head: string): RfmError {
  const what = /^\s*(?:<!doctype|<html|<\?xml)/i.test(head)
    ? "is a web page, not a checkpoint: the download failed"
    : "is no checkpoint or array of a known kind";
  return unreadable(name, what, "name a .pt, .pth, .pkl, .npy, .npz, .safetensors or .onnx file");
}

/** Eight bytes of length below the file's, then a JSON table. */
function looksLikeSafetensors(head: Uint8Array, size: number): boolean {
  if (head.length < 10 || head[8] !== 0x7b) return false;
  return new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true) <= BigInt(size);
}

async function npyCheckpoint(source: ByteSource): Promise<Checkpoint> {
  const { dtype, shape } = await parseNpyHeader(source);
  const entry: TensorEntry = { dtype, shape, read: () => parseNpy(source) };
  return { name: source.name, metadata: new Map(), tensors: new Map([["tensor", entry]]) };
}

async function parseArchive(source: ByteSource): Promise<Known> {
  const entries = await openZip(source);
  const folder = torchFolder(entries);
  if (folder !== undefined) {
    const { root, find } = await parseTorchZip(source, entries, folder);
    return pickled(source, "torch", root, find);
  }
  if (isNpz(entries)) return { ...(await parseNpz(source, entries)), container: "npz" };
  throw unreadable(
    source.name,
    "is an archive without a checkpoint",
    "unpack it and name the checkpoint in it",
  );
}

async function parsePickled(source: ByteSource): Promise<Known> {
  const { value } = await readPickle(source);
  if (isTorchMagic(value)) {
    const { root, find } = await parseTorchLegacy(source);
    return pickled(source, "torch-legacy", root, find);
  }
  return pickled(source, "pickle", value, () => {
    throw unreadable(source.name, "refers to storages that it does not hold", "save it with torch.save");
  });
}

async function pickled(
  { name }: ByteSource,
  container: Container,
  root: PickleValue,
  find: FindStorage,
): Promise<Known> {
  return { name, metadata: new Map(), tensors: await namedTensors(root, name, find), container, root };
}
