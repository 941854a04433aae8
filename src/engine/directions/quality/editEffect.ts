import { applyEdits } from "../editing/applyEdits";
import type { Edit, EffectRecord } from "../../files";
import type { Scorer } from "../../labels";
import { seedsToZ } from "../../latents";
import type { Model } from "../../models";

/**
 * What an edit does to the scores of seeded faces at the model's own truncation.
 *
 * @param column of the attribute that it is meant to raise
 * @param deviations of each score, in which changes are told
 */
export async function editEffect(
  model: Model,
  scorer: Scorer,
  edit: Edit,
  column: number,
  deviations: readonly number[],
  seeds: readonly number[],
): Promise<EffectRecord> {
  const { layers, wDimension, codeSize } = model;
  const columns = scorer.attributes.length;
  const before = await model.map(seedsToZ(seeds, model.zDimension));
  const after = new Float32Array(before.length);
  seeds.forEach((_, face) => {
    const code = before.subarray(face * codeSize, (face + 1) * codeSize);
    after.set(applyEdits(code, layers, wDimension, [edit]), face * codeSize);
  });
  const score = async (w: Float32Array): Promise<Float32Array> =>
    scorer.score(await model.synthesize(w, seeds.length), seeds.length, model.resolution);
  const [from, to] = [await score(before), await score(after)];
  const change = (face: number, k: number): number =>
    (to[face * columns + k] ?? NaN) - (from[face * columns + k] ?? NaN);
  return {
    amount: edit.amount,
    faces: seeds.length,
    right: seeds.filter((_, face) => change(face, column) > 0).length / seeds.length,
    change: Object.fromEntries(
      scorer.attributes.map(({ name }, k) => [
        name,
        seeds.reduce((sum, _, face) => sum + change(face, k), 0) / seeds.length / (deviations[k] ?? NaN),
      ]),
    ),
  };
}
