import { basename } from "node:path";
import { openCheckpoint, toFloat32, type OpenedCheckpoint } from "../checkpoints";
import { RfmError, type DirectionDocument, type RunBlock } from "../files";
import { spaceOfRow } from "../latents";
import type { Model } from "../models";

/** GANSpace's own files hold 80 components, of which few change what people see. */
const DEFAULT_COUNT = 20;
/** The mean of w is never as small as that of z. */
const MEAN_OF_Z = 1e-3;

export interface ImportGanSpaceOptions {
  readonly model: Model;
  /** Components at most, the strongest first; default 20. */
  readonly count?: number;
  /** What the components' names begin with; default: the file's name. */
  readonly name?: string;
  readonly run: RunBlock;
}

/** GANSpace's components as directions, with what their user should know. */
export interface ImportedGanSpace {
  readonly documents: readonly DirectionDocument[];
  /** Sentences. */
  readonly notes: readonly string[];
}

/** Components of one space of a GANSpace file: of latents, or of a layer's activations. */
interface Components {
  readonly space: "lat" | "act";
  readonly count: number;
  readonly width: number;
}

/** The components in an archive of GANSpace (Härkönen et al. 2020); none where it is another file. */
export function ganSpaceComponents({ tensors }: Pick<OpenedCheckpoint, "tensors">): Components[] {
  return (["lat", "act"] as const).flatMap((space) => {
    const [components, deviations] = [tensors.get(`${space}_comp`), tensors.get(`${space}_stdev`)];
    const [count = 0, ...sizes] = components?.shape ?? [];
    const width = sizes.reduce((product, size) => product * size, 1);
    const fits = count > 0 && width > 1 && deviations?.shape.join() === String(count);
    return fits ? [{ space, count, width }] : [];
  });
}

/**
 * The components of a GANSpace `.npz` as directions of a model: unit vectors of its codes, with their standard deviation as the
 * unit of amounts. Those of the latents are taken (`lat_comp`), or those of a layer (`act_comp`) where only these are codes
 * of the model.
 *
 * @throws RfmError("checkpoint") where it is no such file, "model" where its components are not the model's, "usage" for a count
 * below 1.
 */
export async function importGanSpace(
  path: string,
  { model, count = DEFAULT_COUNT, name, run }: ImportGanSpaceOptions,
): Promise<ImportedGanSpace> {
  const file = await openCheckpoint(path);
  const found = ganSpaceComponents(file);
  const [first] = found;
  if (first === undefined) {
    throw new RfmError(
      "checkpoint",
      `${path} holds no components of GANSpace (lat_comp and lat_stdev); look into it by \`rfm inspect\`.`,
    );
  }
  if (!(Number.isInteger(count) && count >= 1))
    throw new RfmError("usage", `${count} components cannot be imported; ask for 1 or more.`);
  const { wDimension } = model;
  const chosen = found.find(({ width }) => width === wDimension);
  if (chosen === undefined) {
    throw new RfmError(
      "model",
      `${path} holds components of ${first.width} numbers, but a code of ${model.name} has ${wDimension}; choose their own model by --model.`,
    );
  }
  const numbers = async (part: string): Promise<Float32Array> => {
    const entry = file.tensors.get(`${chosen.space}_${part}`);
    return entry === undefined ? new Float32Array(0) : toFloat32(await entry.read());
  };
  const [components, deviations, mean] = [
    await numbers("comp"),
    await numbers("stdev"),
    await numbers("mean"),
  ];
  const shares = file.tensors.get("var_ratio");
  const ratios = shares === undefined ? undefined : toFloat32(await shares.read());
  const kept = Math.min(count, chosen.count);
  const prefix = name ?? basename(path).replace(/\.npz$/i, "");
  const digits = Math.max(2, String(kept - 1).length);
  const documents = Array.from({ length: kept }, (_, index): DirectionDocument => {
    const raw = components.subarray(index * wDimension, (index + 1) * wDimension);
    const norm = Math.sqrt(raw.reduce((sum, value) => sum + value * value, 0));
    // GANSpace moves by the component times its deviation: unit or not, that is one sigma.
    const sigma = norm * (deviations[index] ?? NaN);
    if (!(norm > 0) || !(sigma > 0) || !Number.isFinite(sigma)) {
      throw new RfmError(
        "checkpoint",
        `The component ${index} of ${path} has the length ${norm} and the deviation ${deviations[index] ?? NaN}; get the file again, or ask for fewer by --count.`,
      );
    }
    const share = ratios?.[index];
    return {
      kind: "direction",
      version: 1,
      attribute: `${prefix}-${String(index).padStart(digits, "0")}`,
      group: "discovered",
      model: { name: model.name, sha256: model.sha256 },
      space: spaceOfRow(model),
      shape: [wDimension],
      vector: Array.from(raw, (value) => value / norm),
      sigma,
      layers: [0, model.layers],
      discovery: {
        method: "pca",
        component: index,
        value: sigma * sigma,
        ...(share === undefined || !(share >= 0 && share <= 1) ? {} : { share }),
      },
      run,
    };
  });
  const isOfZ = model.space !== "z" && mean.length > 0 && mean.every((value) => Math.abs(value) < MEAN_OF_Z);
  const notes = [
    ...(chosen.count > kept ? [`${chosen.count - kept} weaker components of ${path} are left out.`] : []),
    ...(isOfZ
      ? [
          `The components in ${path} have the mean 0, as z has: if they are GANSpace's of z, they are of no use in w.`,
        ]
      : []),
  ];
  return { documents, notes };
}
