import { join } from "node:path";
import { writeNpy, writeSafetensors } from "../checkpoints";
import { sha256, writeFileAtomically } from "../files";
import { writeModel, type Graph } from "../onnx";
import { parseManifest } from "./openPack";
import type { GeneratorGraphs } from "./generator";
import { MANIFEST_NAME, MANIFEST_VERSION, type ModelManifest, type PackFile, type PackFileRole } from "./manifest";

/** The symbolic batch axis of a pack's graphs. */
export const BATCH = "N";

/** A graph, or the ONNX file of one whose operators need not be known. */
type PackGraph = Graph | Uint8Array;

/** Everything that a pack is made of. */
export interface PackContents {
  readonly graphs: Omit<GeneratorGraphs, "mapping" | "synthesis"> & {
    readonly mapping?: PackGraph;
    readonly synthesis: PackGraph;
  };
  /** The mean w [D] or [L,D]; zeros where there is none. */
  readonly average: Float32Array;
  readonly encoder?: { readonly graph: Graph; readonly output: "z" | "w+" };
  readonly about: Pick<
    ModelManifest,
    | "name"
    | "title"
    | "architecture"
    | "sha256"
    | "psi"
    | "alignment"
    | "licence"
    | "data"
    | "imported"
    | "largestBatch"
  >;
  /** {@link ModelManifest.build} */
  readonly key: string;
}

/** Writes a pack's files into an empty folder, `model.json` last. @throws RfmError("file") */
export async function writePack(folder: string, contents: PackContents): Promise<void> {
  const { graphs, average, encoder, about, key } = contents;
  const files = new Map<PackFileRole, PackFile>();
  const write = async (role: PackFileRole, path: string, bytes: Uint8Array): Promise<void> => {
    files.set(role, { path, bytes: bytes.length, sha256: sha256(bytes) });
    await writeFileAtomically(join(folder, path), bytes);
  };
  // One after the other: the bytes of one are gone before those of the next are made.
  if (graphs.mapping) await write("mapping", "mapping.onnx", onnx(graphs.mapping));
  await write("synthesis", "synthesis.onnx", onnx(graphs.synthesis));
  await write("average", "w-average.npy", writeNpy(average, shapeOfAverage(average, graphs)));
  if (encoder) await write("encoder", "encoder.onnx", onnx(encoder.graph));
  if (graphs.noise.length > 0) await write("noise", "noise.safetensors", noisePictures(graphs));
  const manifest: ModelManifest = {
    $schema: "rfm-schema:/model.schema.json",
    kind: "model",
    version: MANIFEST_VERSION,
    name: about.name,
    title: about.title,
    architecture: about.architecture,
    sha256: about.sha256,
    space: graphs.space,
    resolution: graphs.resolution,
    layers: graphs.layers,
    zDimension: graphs.zDimension,
    wDimension: graphs.wDimension,
    ...(about.largestBatch === undefined ? {} : { largestBatch: about.largestBatch }),
    psi: about.psi,
    alignment: about.alignment,
    ...(about.licence === undefined ? {} : { licence: about.licence }),
    ...(about.data === undefined ? {} : { data: about.data }),
    files: Object.fromEntries(files) as unknown as ModelManifest["files"],
    ...(encoder?.output === "w+" ? { encoderOutput: "w+" } : {}),
    ...(about.imported === undefined ? {} : { imported: about.imported }),
    build: { key },
  };
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  // What cannot be opened is not left behind.
  parseManifest(text, `The new pack ${about.name}`);
  await writeFileAtomically(join(folder, MANIFEST_NAME), text);
}

function onnx(graph: PackGraph): Uint8Array {
  return graph instanceof Uint8Array ? graph : writeModel(graph, { batch: BATCH });
}

function shapeOfAverage(average: Float32Array, { layers, wDimension }: PackContents["graphs"]): number[] {
  return average.length === wDimension ? [wDimension] : [layers, wDimension];
}

function noisePictures({ noise }: PackContents["graphs"]): Uint8Array {
  return writeSafetensors(
    new Map(
      noise.map(({ input, resolution, stored }) => [
        input,
        { dtype: "float32", shape: [1, 1, resolution, resolution], data: stored } as const,
      ]),
    ),
  );
}
