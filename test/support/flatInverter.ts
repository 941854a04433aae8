import type { FaceNets } from "../../src/engine/faces";
import type { FaceInverter, InversionResult } from "../../src/engine/inversion";
import type { Model } from "../../src/engine/models";

const SIZE = 8;

/** Counts its inversions. */
export interface FlatInverter extends FaceInverter<{ readonly beta?: number }> {
  readonly count: number;
}

/** An inverter that sees `faces` faces in every photo, and whose model knows one grey picture: all but the networks is real. */
export function flattened(faces: number): FlatInverter {
  const grey = (): Float32Array => new Float32Array(3 * SIZE * SIZE);
  const model = {
    pack: { sha256: "1".repeat(64), manifest: { files: {}, build: { key: "flat" } } },
    runtime: { provider: "cpu" },
    name: "flat",
    sha256: "1".repeat(64),
    space: "w+",
    layers: 2,
    wDimension: 2,
    resolution: SIZE,
    alignment: { scale: 1, centre: 0 },
    synthesize: () => Promise.resolve(grey()),
  } as unknown as Model;
  const landmarks = Array.from({ length: 68 }, (_, point) => [
    100 + (point % 9) * 12,
    100 + (point % 7) * 14,
  ]);
  const found = { box: { left: 90, top: 90, right: 220, bottom: 220 }, score: 0.99, landmarks };
  const faceNets = {
    detect: () => Promise.resolve(Array.from({ length: faces }, () => found)),
    embedCrops: () => Promise.resolve(new Float32Array(128)),
  } as unknown as FaceNets;
  let count = 0;
  return {
    method: "fast",
    model,
    faceNets,
    get count() {
      return count;
    },
    fingerprint: (options = {}) => options,
    invert: () => {
      count++;
      return Promise.resolve<InversionResult>({
        w: Float32Array.of(1, 0, 0, 1),
        reconstruction: grey(),
        iterations: 1,
        losses: { total: 1 },
        course: { iterations: [0], losses: { total: [1] } },
        beta: 0,
        p: 2,
        seed: 0,
        notes: [],
        metrics: { psnr: 10, ssim: 0.5, norm: Math.SQRT2 },
        cancelled: false,
      });
    },
    dispose: () => Promise.resolve(),
  };
}
