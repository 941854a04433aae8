import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { documentSuffix, makeFolder, writeDocument, type RunBlock } from "../../../engine/files";
import { importDirection, importLatents, importModel as importPack } from "../../../engine/imports";
import type { Model } from "../../../engine/models";
import type { WorkProgress } from "../../../protocol/directions";
import type {
  DataKind,
  ImportDataParameters,
  ImportedData,
  ImportedPack,
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
  { paths, folder }: ImportModelParameters,
  { signal, report }: Call<WorkProgress>,
): Promise<ImportedPack> {
  const root = dirname(folder);
  await makeFolder(root);
  await sweepLeftovers(root);
  const runtime = await workbench.runtime();
  const { what, missing } = await importPack(paths, { folder, runtime, signal, onProgress: report });
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

/** `importData`: latents and directions of a model as documents. */
export async function importData(
  workbench: Workbench,
  { files, output, model: folder }: ImportDataParameters,
  { signal, report }: Call<WorkProgress>,
): Promise<ImportedData> {
  const model = await workbench.model(await workbench.pack(folder));
  const run = await workbench.runBlock();
  await makeFolder(output);
  const written: { path: string; kind: DataKind }[] = [];
  const notes: string[] = [];
  for (const [done, { path, kind }] of files.entries()) {
    report({ phase: "import", done, total: files.length });
    const made = await documentsOf(path, kind, { model, run, signal });
    notes.push(...made.notes);
    for (const [index, document] of made.documents.entries()) {
      const name = plainName(path) + (made.documents.length === 1 ? "" : `-${index}`);
      const target = await freePath(output, name, documentSuffix(kind));
      await writeDocument(target, document);
      written.push({ path: target, kind });
    }
  }
  return { written, notes };
}

interface Belonging {
  readonly model: Model;
  readonly run: RunBlock;
  readonly signal: AbortSignal;
}

async function documentsOf(path: string, kind: DataKind, { model, run, signal }: Belonging) {
  if (kind === "latent") return { documents: await importLatents(path, model, run), notes: [] };
  const { document, notes } = await importDirection(path, { model, run, signal });
  return { documents: [document], notes };
}

/** A file's name without what its format adds. */
function plainName(path: string): string {
  return basename(path).replace(/(\.pkl)?(\.[^.]+)$/i, "");
}
