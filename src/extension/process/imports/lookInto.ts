import { openCheckpoint, type OpenedCheckpoint } from "../../../engine/checkpoints";
import {
  ganSpaceComponents,
  inspectFile,
  labelFilesIn,
  networksIn,
  type Networks,
} from "../../../engine/imports";
import type { DataKind, LookedFile, LookedInto } from "../../../protocol/imports";

/** NVIDIA's classifier 00 is called "male". */
const MALE = 0;
const SIGN_OF_MALE =
  "NVIDIA's classifier 00 is called male, but RFM's label set notes -1 for male and 1 for female: look at a few faces before you trust the sign.";

/**
 * Looks into files that a person chose together: what each is, whether they make a model, and what their licences say. No
 * tensor is read.
 *
 * @throws RfmError: one sentence that names the file that cannot be read
 */
export async function lookInto(paths: readonly string[]): Promise<LookedInto> {
  const opened = await Promise.all(paths.map((path) => openCheckpoint(path)));
  // Graphs say themselves what they compute; the names of their weights say nothing.
  const isOnnx = opened.some(({ container }) => container === "onnx");
  const networks: Networks = isOnnx ? { classifiers: [] } : networksIn(opened);
  const isModel = isOnnx || hasNetwork(networks);
  const inspected = await Promise.all(paths.map((path) => inspectFile(path)));
  const labels = isModel ? undefined : labelFilesIn(opened);
  const isWhole = isModel || labels !== undefined;
  const files = inspected.map(({ path, bytes, guess }, index): LookedFile => {
    const file = opened[index];
    const data = file === undefined || isWhole ? { kinds: [] } : dataOf(file);
    const isAverage = networks.generator !== undefined && file?.tensors.size === 1;
    return { path, bytes, what: isAverage ? "The average code of the model." : guess, ...data };
  });
  const licences = new Set(inspected.flatMap((file) => file.licences));
  const tellsMale = networks.classifiers.some(({ attribute }) => attribute.index === MALE);
  return {
    files,
    isModel,
    isOnnx,
    ...(labels && {
      labelSet: {
        codes: labels.arrays.map(({ shape }) => shape),
        hasAnswers: labels.answers !== undefined,
      },
    }),
    licences: [...licences],
    notes: tellsMale ? [SIGN_OF_MALE] : [],
  };
}

function hasNetwork({ generator, encoder, classifiers, lpips }: Networks): boolean {
  return (generator ?? encoder ?? classifiers[0] ?? lpips) !== undefined;
}

/** What a file may become, and the numbers that tell which model it belongs to. */
function dataOf(file: OpenedCheckpoint): Pick<LookedFile, "kinds" | "shape"> {
  const [components] = ganSpaceComponents(file);
  if (components !== undefined) {
    return { kinds: ["components"], shape: [components.count, components.width] };
  }
  const [only, ...rest] = file.tensors.values();
  if (only === undefined || rest.length > 0) return { kinds: [] };
  return { kinds: kindsOf(only.shape), shape: only.shape };
}

/** A row for each layer can be a latent or a direction, one row is a direction. */
function kindsOf(shape: readonly number[]): readonly DataKind[] {
  if (shape.length === 3) return ["latent"];
  if (shape.length === 1) return ["direction"];
  if (shape.length !== 2) return [];
  // One row is a direction of every repository; it is a latent, too, where the model's codes have one row.
  return shape[0] === 1 ? ["direction", "latent"] : ["latent", "direction"];
}
