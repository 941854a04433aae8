import type {
  DirectionDocument,
  Edit,
  LabelsDocument,
  LatentDocument,
  RecipeDocument,
} from "../../src/engine/files";
import { Random } from "./random";

const HASH = "0123456789abcdef".repeat(4);
const RUN = { createdAt: "2025-01-02T03:04:05.000Z", seconds: 1.5, provider: "cpu", version: "0.1.0" };
const MODEL = { name: "demo", sha256: HASH };

/** Float32 rows as a document holds them. */
export function randomRows(random: Random, rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, () => Array.from(random.normals(columns)));
}

/** An edit with every optional field. */
export function exampleEdit(): Edit {
  return {
    direction: {
      name: "smile",
      path: "smile.direction.json",
      sha256: HASH,
      space: "w",
      sigma: 2.25,
      coefficientNorm: 0.5,
      vector: [0.6, 0.8, 0],
    },
    amount: -1.25,
    layers: [0, 4],
    clip: 0.01,
    muted: false,
    layerAmounts: [1, 0.5, 0.25, 0],
  };
}

/** A latent with every optional field. */
export function exampleLatent(rows = 4, columns = 3, seed = 1): LatentDocument {
  const random = new Random(seed);
  const point = (): [number, number] => [random.integer(0, 900), random.integer(0, 900)];
  return {
    kind: "latent",
    version: 1,
    model: MODEL,
    space: "w+",
    shape: [rows, columns],
    norm: 3.5,
    source: {
      path: "photo.png",
      sha256: HASH,
      face: 0,
      landmarks: Array.from({ length: 68 }, point),
      quad: [point(), point(), point(), point()],
    },
    inversion: {
      method: "fast",
      iterations: 100,
      losses: { total: 0.5, pixel: 0.25 },
      beta: 0.001,
      p: 2,
      seed: 7,
    },
    metrics: { psnr: 27.5, ssim: 0.9, lpips: 0.1, identity: 0.3 },
    edits: [exampleEdit()],
    history: [{ edits: [], w: randomRows(random, rows, columns) }],
    tuned: { path: "photo.tuned.safetensors", sha256: HASH, amount: 1 },
    w: randomRows(random, rows, columns),
    run: RUN,
  };
}

/** A direction with every optional field. */
export function exampleDirection(): DirectionDocument {
  return {
    kind: "direction",
    version: 1,
    attribute: "smile",
    group: "expression",
    model: MODEL,
    labelSet: { name: "demo-20k", sha256: HASH },
    space: "w+",
    shape: [2, 2],
    coefficientNorm: 1.5,
    intercept: -0.25,
    sigma: 0.75,
    layers: [0, 2],
    threshold: 0.5,
    solver: { penalty: "l1", C: 1, classWeight: null, iterations: 12, objective: 100.5, gap: 1e-7 },
    samples: { train: 8000, positive: 3000, test: 2000 },
    accuracy: { train: 0.9, test: 0.875, balanced: 0.85, majority: 0.625 },
    auc: 0.9375,
    vector: [
      [0.5, 0.5],
      [-0.5, 0.5],
    ],
    run: RUN,
  };
}

/** A label set with every optional field. */
export function exampleLabels(): LabelsDocument {
  return {
    kind: "labels",
    version: 1,
    model: MODEL,
    scorer: { name: "faces", sha256: HASH },
    space: "w",
    psi: 0.75,
    cutoff: null,
    count: 4_294_967_296,
    batch: 16,
    seeds: { start: 0, end: 4_294_967_296 },
    attributes: [
      { name: "age", group: "person", unit: "years", threshold: "q0.5", description: "from the face net" },
    ],
    shards: [{ start: 0, end: 16, sha256: HASH }],
    run: RUN,
  };
}

export function exampleRecipe(): RecipeDocument {
  return { kind: "recipe", version: 1, name: "happier", model: MODEL, edits: [exampleEdit()], run: RUN };
}
