import type { InversionOptions } from "../../src/engine/inversion";
import { weightsOfGrid } from "../../src/engine/inversion/fast/occlusion";
import { OCCLUDERS, paste } from "../support/pasted";
import { evaluate, type Embedded } from "./embedded";
import { targetsOf } from "./faces";

/** Where less of an occluder is left out, it counts as not found; where more of what is none is left out, as a false alarm. */
const FOUND = 0.5;
const FALSE_ALARM = 0.01;

/** The way that an inversion goes before RFM's loss: occluders are found at its beginning. */
const OPTIONS = { iterations: 90, polish: false, identityWeight: 0 } as const;

/** Of one face: of what is before it, and of the rest, the share that is left out; PSNR of the rest, in dB. */
interface Outcome {
  readonly recall: number;
  readonly lost: number;
  readonly psnr: number;
}

/**
 * What is found of things pasted before the largest faces of ten photos, what else is left out, and how like the faces are
 * where nothing covers them, against fitting all. Prints the table of docs/INVERSION.md.
 */
async function evaluateOccluders({ model, nets, inverter }: Embedded): Promise<void> {
  const targets = await targetsOf(model, nets);
  const size = model.resolution;

  async function outcome(
    face: Float32Array,
    pasted: ReturnType<typeof paste>,
    options: InversionOptions,
  ): Promise<Outcome> {
    const { occlusion, reconstruction } = await inverter.invert({ x: pasted.x }, options);
    const weights = weightsOfGrid(occlusion ?? [[1]], size);
    const counts = { inside: 0, found: 0, outside: 0, lost: 0, error: 0 };
    pasted.covered.forEach((isCovered, pixel) => {
      const isLeftOut = (weights[pixel] as number) < 0.5;
      counts[isCovered ? "inside" : "outside"]++;
      if (isLeftOut) counts[isCovered ? "found" : "lost"]++;
      if (isCovered) return;
      for (let at = pixel; at < face.length; at += weights.length) {
        const drawn = Math.min(1, Math.max(-1, reconstruction[at] as number));
        counts.error += (drawn - (face[at] as number)) ** 2;
      }
    });
    return {
      recall: counts.found / counts.inside,
      lost: counts.lost / counts.outside,
      psnr: 10 * Math.log10((4 * 3 * counts.outside) / counts.error),
    };
  }

  console.log(
    "| before the face | found | of it left out | false alarms | else left out | PSNR of the rest | all fitted |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- |");
  for (const occluder of [undefined, ...OCCLUDERS]) {
    const found: Outcome[] = [];
    const fitted: Outcome[] = [];
    for (const [seed, { x }] of targets.entries()) {
      const pasted =
        occluder === undefined
          ? { x, covered: Array.from({ length: size * size }, () => false) }
          : paste(x, size, occluder, seed);
      found.push(await outcome(x, pasted, OPTIONS));
      fitted.push(await outcome(x, pasted, { ...OPTIONS, occluders: "fit" }));
    }
    const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
    const count = (holds: (each: Outcome) => boolean): string =>
      `${found.filter(holds).length} of ${found.length}`;
    const cells = [
      occluder ?? "nothing",
      occluder === undefined ? "" : count(({ recall }) => recall > FOUND),
      occluder === undefined ? "" : percent(mean(found.map(({ recall }) => recall))),
      count(({ lost }) => lost > FALSE_ALARM),
      percent(mean(found.map(({ lost }) => lost))),
      `${mean(found.map(({ psnr }) => psnr)).toFixed(1)} dB`,
      `${mean(fitted.map(({ psnr }) => psnr)).toFixed(1)} dB`,
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

evaluate(evaluateOccluders);
