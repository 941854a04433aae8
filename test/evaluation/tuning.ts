import { join } from "node:path";
import { identityDistance, type FaceNets } from "../../src/engine/faces";
import { applyEdits, editAlong, readDirection, type Direction } from "../../src/engine/directions";
import { psnr, Tuner, type TuningTarget } from "../../src/engine/inversion";
import { openTunedModel } from "../../src/engine/latents";
import type { Model } from "../../src/engine/models";
import { rankOf } from "./rank";

/** In sigma; edits are made on the tuned generator. */
const SMILE = 2;
/** What matching the photo that comes with the project must reach. */
export const TUNING_GOALS = { psnr: 32, identity: 0.4, smiling: 0.5 };

/** A face before and after tuning; distances are those of the recognition net to the photo. */
export interface TuningRow {
  readonly name: string;
  readonly before: { readonly psnr: number; readonly identity: number };
  readonly after: { readonly psnr: number; readonly identity: number; readonly rank: number };
  /** With a smile of 2 sigma. */
  readonly smiling: { readonly before: number; readonly identity: number; readonly rank: number };
  /** Mean PSNR in dB of other people's faces against themselves. */
  readonly others: number;
  readonly seconds: number;
}

/** Tunes the model to faces and asks whether each is that person, with and without a smile. */
export class TuningEvaluation {
  private constructor(
    readonly tuner: Tuner,
    readonly smile: Direction,
  ) {}

  static async open(model: Model, nets: FaceNets): Promise<TuningEvaluation> {
    const smile = await readDirection(join(model.pack.folder, "directions", "smile.direction.json"));
    return new TuningEvaluation(new Tuner(model, nets), smile);
  }

  /** @param others embeddings of everyone else in the gallery */
  async face(
    name: string,
    target: TuningTarget & { readonly embedding: Float32Array },
    others: readonly Float32Array[],
  ): Promise<TuningRow> {
    const { model, faceNets } = this.tuner;
    const { w, x, embedding } = target;
    const smiling = applyEdits(w, model.layers, model.wDimension, [editAlong(this.smile, SMILE)]);
    const embed = async (by: Model, code: Float32Array): Promise<Float32Array> => {
      const picture = await by.synthesize(code, 1);
      const shown = picture.map((value) => Math.min(1, Math.max(-1, value)));
      return faceNets.embedCrops(shown, 1, model.alignment);
    };
    const began = performance.now();
    const { deltas, metrics, others: unchanged = NaN } = await this.tuner.tune(target);
    const seconds = (performance.now() - began) / 1000;
    const tuned = await openTunedModel(model, deltas, 1);
    const judged = async (code: Float32Array): Promise<{ identity: number; rank: number }> => {
      const found = await embed(tuned, code);
      const identity = identityDistance(embedding, found);
      return { identity, rank: rankOf(identity, found, others) };
    };
    const row = {
      name,
      before: {
        psnr: psnr(await model.synthesize(w, 1), x),
        identity: identityDistance(embedding, await embed(model, w)),
      },
      after: { psnr: metrics.psnr, ...(await judged(w)) },
      smiling: {
        before: identityDistance(embedding, await embed(model, smiling)),
        ...(await judged(smiling)),
      },
      others: unchanged,
      seconds,
    };
    await tuned.dispose();
    return row;
  }

  dispose(): Promise<void> {
    return this.tuner.dispose();
  }
}

/** Whether a face is that person, with and without the smile. */
export function reachesGoals({ after, smiling }: TuningRow): boolean {
  return (
    after.psnr >= TUNING_GOALS.psnr &&
    after.identity <= TUNING_GOALS.identity &&
    after.rank === 1 &&
    smiling.identity <= TUNING_GOALS.smiling &&
    smiling.rank === 1
  );
}

/** The rows as a table in Markdown. */
export function tuningTable(rows: readonly TuningRow[]): string {
  const lines = rows.map(({ name, before, after, smiling, others, seconds }) => [
    name,
    `${before.psnr.toFixed(1)} → ${after.psnr.toFixed(1)}`,
    `${before.identity.toFixed(2)} → ${after.identity.toFixed(2)}`,
    String(after.rank),
    `${smiling.before.toFixed(2)} → ${smiling.identity.toFixed(2)}`,
    String(smiling.rank),
    others.toFixed(1),
    seconds.toFixed(0),
  ]);
  const head = [
    "face",
    "PSNR, dB",
    "identity distance",
    "rank",
    "with a smile of 2 σ",
    "rank",
    "others, dB",
    "s",
  ];
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
