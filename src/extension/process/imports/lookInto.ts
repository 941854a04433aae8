import { openCheckpoint, type OpenedCheckpoint } from "../../../engine/checkpoints";
import { inspectFile, networksIn, type Networks } from "../../../engine/imports";
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
  const networks = networksIn(opened);
  const isModel = hasNetwork(networks);
  const inspected = await Promise.all(paths.map((path) => inspectFile(path)));
  const files = inspected.map(({ path, bytes, guess, tensors }, index): LookedFile => {
    const [only, ...rest] = tensors;
    const shape = rest.length === 0 ? only?.shape : undefined;
    const file = opened[index];
    const kinds = isModel || file === undefined ? [] : kindsOf(file);
    return { path, bytes, what: guess, kinds, ...(shape && { shape }) };
  });
  const licences = new Set(inspected.flatMap((file) => file.licences));
  const tellsMale = networks.classifiers.some(({ attribute }) => attribute.index === MALE);
  return { files, isModel, licences: [...licences], notes: tellsMale ? [SIGN_OF_MALE] : [] };
}

function hasNetwork({ generator, encoder, classifiers, lpips }: Networks): boolean {
  return (generator ?? encoder ?? classifiers[0] ?? lpips) !== undefined;
}

/** What the array of a file may become: a row for each layer can be a latent or a direction, one row is a direction. */
function kindsOf({ tensors }: OpenedCheckpoint): readonly DataKind[] {
  const [only, ...rest] = tensors.values();
  if (only === undefined || rest.length > 0) return [];
  const { shape } = only;
  if (shape.length === 3) return ["latent"];
  if (shape.length === 1) return ["direction"];
  if (shape.length !== 2) return [];
  // One row is a direction of every repository; it is a latent, too, where the model's codes have one row.
  return shape[0] === 1 ? ["direction", "latent"] : ["latent", "direction"];
}
