import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { directionFileName } from "../../../engine/directions";
import {
  documentSuffix,
  makeFolder,
  writeDocument,
  type DirectionDocument,
  type LatentDocument,
  type RunBlock,
} from "../../../engine/files";
import {
  importDirection,
  importGanSpace,
  importLabels,
  importLatents,
  importModel as importPack,
} from "../../../engine/imports";
import type { Model } from "../../../engine/models";
import type { WorkProgress } from "../../../protocol/directions";
import type {
  DataKind,
  ImportDataParameters,
  ImportedData,
  ImportedLabelSet,
  ImportedPack,
  ImportLabelSetParameters,
  ImportModelParameters,
  LookedInto,
  PackEntry,
} from "../../../protocol/imports";
import { freePath } from "../imports/freePath";
import { sweepLeftovers } from "../imports/leftovers";
import { lookInto } from "../imports/lookInto";
import { packEntry, verifyPackFiles } from "../imports/packEntry";
import type { Call } from "../serve";
import type { Workbench } from "../workbench";

/** `lookIntoFiles` */
export async function lookIntoFiles(
  _workbench: Workbench,
  { paths }: { readonly paths: readonly string[] },
): Promise<LookedInto> {
  return lookInto(paths);
}

/** `importModel`: one pack of the files, checked; weights that the folder of packs has already are not kept twice. */
export async function importModel(
  workbench: Workbench,
  { paths, folder, onnx }: ImportModelParameters,
  { signal, report }: Call<WorkProgress>,
): Promise<ImportedPack> {
  const root = dirname(folder);
  await makeFolder(root);
  await sweepLeftovers(root);
  const runtime = await workbench.runtime();
  const { what, missing } = await importPack(paths, {
    folder,
    ...(onnx && { onnx }),
    runtime,
    signal,
    onProgress: report,
  });
  try {
    await verifyPackFiles(folder, {
      signal,
      onProgress: (done, total) => {
        report({ phase: "verify", done, total });
      },
    });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const pack = await packEntry(folder);
  const same = await sameWeights(root, pack);
  if (same === undefined) return { pack, what, missing, already: false };
  await rm(folder, { recursive: true, force: true });
  return { pack: same, what, missing, already: true };
}

/** Another pack with the same weights and parts. */
async function sameWeights(root: string, pack: PackEntry): Promise<PackEntry | undefined> {
  const names = (await readdir(root)).filter(
    (name) => !name.startsWith(".") && name !== basename(pack.folder),
  );
  for (const name of names.sort()) {
    const other = await packEntry(join(root, name)).catch(() => undefined);
    const isSame =
      other?.kind === pack.kind &&
      other.sha256 === pack.sha256 &&
      other.generator?.hasEncoder === pack.generator?.hasEncoder &&
      other.generator?.hasMapping === pack.generator?.hasMapping;
    if (isSame) return other;
  }
  return undefined;
}

/** `importLabelSet`: a label set of a model's faces. */
export async function importLabelSet(
  workbench: Workbench,
  { paths, output, model: folder, cleaning }: ImportLabelSetParameters,
  { signal, report }: Call<WorkProgress>,
): Promise<ImportedLabelSet> {
  const model = await workbench.model(await workbench.pack(folder));
  await makeFolder(output);
  const path = await freePath(output, plainName(paths[0] ?? "labels"), documentSuffix("labels"));
  const { document, notes } = await importLabels(paths, {
    model,
    name: path,
    cleaning,
    run: await workbench.runBlock(),
    signal,
    onProgress: (progress) => {
      report({ phase: "map", ...progress });
    },
  });
  return { path, count: document.count, notes };
}

/** `importData`: latents and directions of a model as documents. */
export async function importData(
  workbench: Workbench,
  { files, output, model: folder }: ImportDataParameters,
  { signal, report }: Call<WorkProgress>,
): Promise<ImportedData> {
  const model = await workbench.model(await workbench.pack(folder));
  const run = await workbench.runBlock();
  await makeFolder(output);
  const all: { path: string; kind: DataKind }[] = [];
  const notes: string[] = [];
  for (const [done, { path, kind }] of files.entries()) {
    report({ phase: "import", done, total: files.length });
    const made = await documentsOf(path, kind, { model, run, signal });
    notes.push(...made.notes);
    const target = join(output, made.folder);
    await makeFolder(target);
    for (const { name, document } of made.documents) {
      const written = await freePath(target, name, documentSuffix(document.kind));
      await writeDocument(written, document);
      all.push({ path: written, kind });
    }
  }
  return { written: all, notes };
}

interface Belonging {
  readonly model: Model;
  readonly run: RunBlock;
  readonly signal: AbortSignal;
}

/** Documents with their names, and the folder for them where they are many. */
interface Made {
  readonly folder: string;
  readonly documents: readonly {
    readonly name: string;
    readonly document: LatentDocument | DirectionDocument;
  }[];
  readonly notes: readonly string[];
}

async function documentsOf(path: string, kind: DataKind, { model, run, signal }: Belonging): Promise<Made> {
  const name = plainName(path);
  switch (kind) {
    case "latent": {
      const latents = await importLatents(path, model, run);
      const documents = latents.map((document, index) => ({
        name: latents.length === 1 ? name : `${name}-${index}`,
        document,
      }));
      return { folder: "", documents, notes: [] };
    }
    case "direction": {
      const { document, notes } = await importDirection(path, { model, run, signal });
      return { folder: "", documents: [{ name, document }], notes };
    }
    case "components": {
      const { documents, notes } = await importGanSpace(path, { model, run });
      const taken = new Set<string>();
      const named = documents.map((document) => ({
        name: basename(directionFileName(document.attribute, taken), documentSuffix("direction")),
        document,
      }));
      return { folder: `${name}-directions`, documents: named, notes };
    }
  }
}

/** A file's name without what its format adds. */
function plainName(path: string): string {
  return basename(path)
    .replace(/\.gz$/i, "")
    .replace(/\.[^.]+$/, "");
}
