import { RfmError, sha256 } from "../files";
import { encoderE, type ImportedEncoder, type ImportedGenerator } from "../networks";
import { writeModel } from "../onnx";
import type { Runtime } from "../runtime";
import { generatorGraphs, type GeneratorGraphs } from "./generator";
import { weightsIdentity } from "./identity";
import type { ImportRecord, PackAlignment } from "./manifest";
import { openPack, type ModelPack } from "./openPack";
import { refuseForeignFolder, replaceFolder } from "./packFolder";
import { seedAverage } from "./seedAverage";
import { BATCH, writePack } from "./writePack";

export interface ImportGeneratorOptions {
  /** Bare name: letters, digits, dots, dashes. */
  readonly name: string;
  readonly title: string;
  readonly alignment: PackAlignment;
  readonly licence: string;
  readonly files: ImportRecord["files"];
  /** An encoder of the same generator, pictures to w+. */
  readonly encoder?: ImportedEncoder;
  /** Maps seeds where the average w has to be measured. */
  readonly runtime: Runtime;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
}

/**
 * Writes an imported generator as a pack. The folder appears as a whole or not at all, in the place of a pack that was there. Where the checkpoint has no average w
 * but a mapping network, the average of 10,000 mapped seeds is taken, as its authors' scripts do; the manifest says what was missing.
 *
 * @throws RfmError("model") where the weights are no whole generator or the encoder does not fit, "file" where the folder is
 * something else.
 */
export async function importGenerator(
  folder: string,
  imported: ImportedGenerator,
  options: ImportGeneratorOptions,
): Promise<ModelPack> {
  await refuseForeignFolder(folder);
  const { architecture, weights, layout, psi } = imported;
  const graphs = generatorGraphs(architecture, weights);
  const { missing } = imported;
  const average = imported.average ?? (await averageOf(graphs, options));
  const { name, title, alignment, licence, files, encoder } = options;
  if (encoder !== undefined) checkEncoder(encoder, graphs);
  const identity = weightsIdentity(weights);
  await replaceFolder(folder, async (fresh) => {
    await writePack(fresh, {
      graphs,
      average,
      ...(encoder && { encoder: { graph: encoderE(encoder.weights), output: "w+" } }),
      about: {
        name,
        title,
        architecture,
        sha256: identity,
        psi: { default: psi.value, cutoff: psi.cutoff },
        alignment,
        licence,
        imported: { layout, files, missing },
      },
      key: sha256(JSON.stringify([identity, encoder && weightsIdentity(encoder.weights), files])),
    });
  });
  return await openPack(folder);
}

function checkEncoder(encoder: ImportedEncoder, { resolution, layers, wDimension }: GeneratorGraphs): void {
  if (
    encoder.resolution === resolution &&
    encoder.layers === layers &&
    encoder.wDimension === wDimension
  ) {
    return;
  }
  throw new RfmError(
    "model",
    `The encoder takes pictures of ${encoder.resolution} pixels to ${encoder.layers}x${encoder.wDimension}, but the generator has ${resolution} pixels and ${layers}x${wDimension}; import the encoder of this generator.`,
  );
}

async function averageOf(
  { mapping, zDimension, wDimension }: GeneratorGraphs,
  { runtime, signal, onProgress }: ImportGeneratorOptions,
): Promise<Float32Array> {
  if (mapping === undefined) return new Float32Array(wDimension);
  const bytes = writeModel(mapping, { batch: BATCH });
  return await seedAverage(bytes, { runtime, zDimension, wDimension, signal, onProgress });
}
