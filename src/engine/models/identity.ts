import { createHash } from "node:crypto";
import { toFloat32, type StoredTensor } from "../checkpoints";
import type { Weights } from "../networks";

/**
 * Identity of a model: SHA-256 over its weights in the order of their names (by UTF-16 code unit). Of each
 * tensor go in, as UTF-8, its name, a newline, its shape as decimal sizes joined by commas, a newline; then
 * its numbers as little-endian float32, row-major.
 *
 * It covers what decides about a face for given codes: mapping, synthesis and the average w, under the names
 * of the genforce layout. Encoders and built ONNX files are left out, so that better ones orphan nobody's
 * latents; so are storage types, for float16 and float32 copies of the same numbers are one model.
 */
export function modelIdentity(tensors: ReadonlyMap<string, StoredTensor>): string {
  const hash = createHash("sha256");
  for (const name of [...tensors.keys()].sort()) {
    const tensor = tensors.get(name);
    if (tensor === undefined) continue;
    hash.update(`${name}\n${tensor.shape.join(",")}\n`);
    const { buffer, byteOffset, byteLength } = toFloat32(tensor);
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex");
}

/** {@link modelIdentity} of a network's weights as graphs hold them. */
export function weightsIdentity(weights: Weights): string {
  return modelIdentity(
    new Map(
      [...weights].map(([name, { type, shape, data }]) => [
        name,
        { dtype: type === "float16" ? type : "float32", shape, data } as const,
      ]),
    ),
  );
}
