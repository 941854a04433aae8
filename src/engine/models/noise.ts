import { memorySource, parseSafetensors, readAll, toFloat32 } from "../checkpoints";
import { RfmError } from "../files";
import { TorchRandom } from "../networks";

/** Which noise a generator gets: none, the pictures of its checkpoint, or fresh ones from a seed. */
export type Noise = "none" | "stored" | number;

/** The stored noise pictures of a pack, by the inputs of its synthesis graph. */
export class NoisePictures {
  constructor(readonly stored: ReadonlyMap<string, Float32Array>) {}

  /** @param name for messages. @throws RfmError("checkpoint") where the bytes are no such pictures. */
  static async parse(bytes: Uint8Array, name: string): Promise<NoisePictures> {
    const tensors = await readAll(await parseSafetensors(memorySource(bytes, name)));
    return new NoisePictures(new Map([...tensors].map(([input, tensor]) => [input, toFloat32(tensor)])));
  }

  /** Elements of each noise input for one picture. */
  sizes(): Record<string, number> {
    return Object.fromEntries([...this.stored].map(([input, { length }]) => [input, length]));
  }

  /**
   * One noise picture per input. A seed draws them as PyTorch would, one `randn` a layer, from the smallest up.
   *
   * @throws RfmError("usage") for a number that is no seed.
   */
  of(noise: Noise): Record<string, Float32Array> {
    if (noise === "stored") return Object.fromEntries(this.stored);
    if (noise === "none") return this.#each(({ length }) => new Float32Array(length));
    if (!Number.isSafeInteger(noise) || noise < 0)
      throw new RfmError("usage", `${noise} is no seed; give a whole number from 0 on.`);
    const random = new TorchRandom(noise);
    return this.#each(({ length }) => random.normals(length));
  }

  #each(make: (stored: Float32Array) => Float32Array): Record<string, Float32Array> {
    const ordered = [...this.stored].sort(([, a], [, b]) => a.length - b.length);
    return Object.fromEntries(ordered.map(([input, stored]) => [input, make(stored)]));
  }
}

/** The same rows n times. */
export function repeated(row: Float32Array, n: number): Float32Array {
  if (n === 1) return row;
  const result = new Float32Array(row.length * n);
  for (let i = 0; i < n; i++) result.set(row, i * row.length);
  return result;
}
