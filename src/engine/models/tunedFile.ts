import { memorySource, parseSafetensors, toFloat32, writeSafetensors } from "../checkpoints";
import { readFileBounded, RfmError, sha256 } from "../files";
import { encodeFloat16, readInitializers } from "../onnx";
import type { ModelPack } from "./openPack";
import type { WeightDeltas } from "./tunedPack";

const FORMAT = "rfm-tuned-1";
/** The header of some hundred tensors, generously. */
const MAXIMUM_HEADER = 1 << 20;

/** What a file of deltas is bound to. */
export interface TunedBinding {
  /** Identity of the model. */
  readonly model: string;
  /** Identity of the code whose face was tuned. */
  readonly latent: string;
}

/**
 * Deltas as a safetensors file of float16 with its bindings in the metadata.
 *
 * @param shapes of the weights, by name.
 * @param facts further text for the metadata.
 */
export function tunedFileBytes(
  deltas: WeightDeltas,
  shapes: ReadonlyMap<string, readonly number[]>,
  { model, latent }: TunedBinding,
  facts: Readonly<Record<string, string>> = {},
): Uint8Array {
  const tensors = [...deltas].map(([name, delta]) => {
    const shape = shapes.get(name) ?? [delta.length];
    return [name, { dtype: "float16", shape, data: encodeFloat16(delta) }] as const;
  });
  return writeSafetensors(
    new Map(tensors),
    new Map(Object.entries({ ...facts, format: FORMAT, model, latent })),
  );
}

/**
 * Reads the deltas of a model's generator.
 *
 * @param expected SHA-256 of the file, where it is known.
 * @param latents identities of the codes that the file may be bound to.
 * @throws RfmError("file") where it cannot be read, RfmError("checkpoint") where it is no such file or does not fit the model,
 * RfmError("model") where it is bound to another model or face.
 */
export async function readTunedFile(
  path: string,
  pack: ModelPack,
  latents: readonly string[],
  expected?: string,
): Promise<WeightDeltas> {
  // A pack keeps at least one byte of each weight, a delta has two.
  const bytes = await readFileBounded(path, 2 * pack.manifest.files.synthesis.bytes + MAXIMUM_HEADER);
  if (expected !== undefined && sha256(bytes) !== expected) {
    throw new RfmError(
      "model",
      `${path} is not the file that the latent was saved with; put that one back, or match the face again.`,
    );
  }
  const { metadata, tensors } = await parseSafetensors(memorySource(bytes, path));
  if (metadata.get("format") !== FORMAT) {
    throw new RfmError("checkpoint", `${path} holds no tuned weights that this version of RFM knows; match the face again.`);
  }
  if (metadata.get("model") !== pack.sha256) {
    throw new RfmError(
      "model",
      `${path} was tuned for another model than ${pack.manifest.name}; use it with its own model, or match the face again.`,
    );
  }
  if (!latents.includes(metadata.get("latent") ?? "")) {
    throw new RfmError("model", `${path} was tuned for another face's latent; match this face again.`);
  }
  const weights = readInitializers(await pack.read("synthesis"));
  const deltas = new Map<string, Float32Array>();
  for (const [name, tensor] of tensors) {
    const { dtype, shape } = tensor;
    if (dtype !== "float16" || weights.get(name)?.shape.join() !== shape.join()) {
      throw new RfmError(
        "checkpoint",
        `${path} holds ${name} as ${dtype} of ${shape.join("x")}, which fits no weight of ${pack.manifest.name}; match the face again.`,
      );
    }
    const delta = toFloat32(await tensor.read());
    if (!delta.every(Number.isFinite))
      throw new RfmError("checkpoint", `${path} holds numbers in ${name} that are not finite; match the face again.`);
    deltas.set(name, delta);
  }
  return deltas;
}
