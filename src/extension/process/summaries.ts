import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { directionMisfit, readDirection } from "../../engine/directions";
import {
  documentSuffix,
  readDocument,
  RfmError,
  type DirectionDocument,
  type LabelsDocument,
} from "../../engine/files";
import { facesDone, labelSetMisfit } from "../../engine/labels";
import type { ModelPack } from "../../engine/models";
import type { BrokenEntry, DirectionEntry, FileEntry, LabelSetEntry } from "../../protocol/directions";

/** Files that are read at the same time. */
const AT_ONCE = 8;

/** What a file holds, without its long arrays. */
type Content =
  | { readonly kind: "direction"; readonly document: Omit<DirectionDocument, "vector"> }
  | { readonly kind: "labels"; readonly document: LabelsDocument }
  | { readonly kind: "broken"; readonly message: string };

interface Known {
  readonly stamp: string;
  readonly content: Content;
}

/** Label sets and directions in short; a file is read again only when its size or time has changed. */
export class FileSummaries {
  readonly #known = new Map<string, Known>();

  /** In the order of the files. What is neither a label set nor a direction by its name is told as broken. */
  async summarise(files: readonly string[], pack: ModelPack): Promise<FileEntry[]> {
    const entries: FileEntry[] = [];
    for (let start = 0; start < files.length; start += AT_ONCE) {
      const part = files.slice(start, start + AT_ONCE);
      entries.push(
        ...(await Promise.all(part.map(async (path) => entryOf(path, await this.#read(path), pack)))),
      );
    }
    // What is no longer asked for need not be remembered.
    const asked = new Set(files);
    for (const path of this.#known.keys()) if (!asked.has(path)) this.#known.delete(path);
    return entries;
  }

  async #read(path: string): Promise<Content> {
    const stamp = await stampOf(path);
    const known = this.#known.get(path);
    if (stamp !== undefined && known?.stamp === stamp) return known.content;
    const content = await read(path);
    if (stamp !== undefined) this.#known.set(path, { stamp, content });
    return content;
  }
}

async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return `${size} ${mtimeMs}`;
  } catch {
    return undefined;
  }
}

async function read(path: string): Promise<Content> {
  try {
    if (path.endsWith(documentSuffix("labels"))) {
      return { kind: "labels", document: await readDocument(path, "labels") };
    }
    const { vector: _vector, ...document } = (await readDirection(path)).document;
    return { kind: "direction", document };
  } catch (error) {
    if (!(error instanceof RfmError)) throw error;
    return { kind: "broken", message: error.message };
  }
}

async function entryOf(path: string, content: Content, pack: ModelPack): Promise<FileEntry> {
  const model = {
    name: pack.manifest.name,
    sha256: pack.sha256,
    layers: pack.manifest.layers,
    wDimension: pack.manifest.wDimension,
  };
  switch (content.kind) {
    case "direction":
      return directionEntry(path, content.document, directionMisfit(path, content.document, model));
    case "labels":
      return labelSetEntry(
        path,
        content.document,
        // Asked anew each time: the document does not change with every face.
        await facesDone(path, content.document),
        labelSetMisfit(path, content.document, model),
      );
    case "broken":
      return brokenEntry(path, content.message);
  }
}

function directionEntry(
  path: string,
  document: Omit<DirectionDocument, "vector">,
  misfit: string | undefined,
): DirectionEntry {
  const { attribute, group, model, labelSet, space, layers, auc, accuracy, conditioning, discovery } =
    document;
  return {
    kind: "direction",
    path,
    name: basename(path, documentSuffix("direction")),
    attribute,
    model: model.name,
    space,
    layers,
    ...(group === undefined ? {} : { group }),
    ...(labelSet === undefined ? {} : { labelSet: labelSet.name }),
    ...(auc === undefined ? {} : { auc }),
    ...(accuracy?.test === undefined ? {} : { accuracy: accuracy.test }),
    ...(conditioning === undefined ? {} : { conditionedOn: conditioning.on }),
    ...(discovery?.description === undefined ? {} : { description: discovery.description }),
    ...(misfit === undefined ? {} : { misfit }),
  };
}

function labelSetEntry(
  path: string,
  document: LabelsDocument,
  done: number,
  misfit: string | undefined,
): LabelSetEntry {
  const { model, scorer, count, seeds, attributes } = document;
  return {
    kind: "labels",
    path,
    name: basename(path, documentSuffix("labels")),
    model: model.name,
    scorer: scorer.name,
    count,
    done,
    attributes: attributes.map(({ name, group, threshold }) => ({
      name,
      ...(group === undefined ? {} : { group }),
      ...(threshold === undefined ? {} : { threshold }),
    })),
    ...(seeds !== undefined && "start" in seeds ? { seeds } : {}),
    ...(misfit === undefined ? {} : { misfit }),
  };
}

function brokenEntry(path: string, message: string): BrokenEntry {
  const name = basename(path).replace(/\.(direction|labels)\.json$/, "");
  return { kind: "broken", path, name, message };
}
