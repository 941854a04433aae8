import type { LayerEffect } from "../../src/engine/files";
import type { ReportedDirection } from "../../src/engine/directions";
import type { Report } from "../../src/extension/report/report";
import { Random } from "./random";

const HASH = "0123456789abcdef".repeat(4);
const OTHERS = ["age", "gender", "yaw", "brightness"];

/** A direction with everything that a report can show. */
export function reportedDirection(attribute = "smile", seed = 1): ReportedDirection {
  const random = new Random(seed);
  const changes = (size: number): Record<string, number> =>
    Object.fromEntries(OTHERS.map((name) => [name, random.normal() * size]));
  const layerEffects: LayerEffect[] = Array.from({ length: 10 }, (_, layer) => ({
    layer,
    own: 0.5 * Math.exp(-layer / 3),
    others: 0.1 * random.uniform(),
  }));
  return {
    kind: "direction",
    version: 1,
    attribute,
    group: "expression",
    model: { name: "demo", sha256: HASH },
    labelSet: { name: "demo-20k", sha256: HASH },
    space: "w",
    shape: [512],
    coefficientNorm: 1.5,
    intercept: -0.25,
    sigma: 2.7,
    layers: [0, 6],
    threshold: 0,
    solver: { penalty: "l1", C: 0.1, classWeight: null, iterations: 12, objective: 174.9, gap: 4e-8 },
    samples: { train: 9831, positive: 8256, test: 2457, dropped: 40 },
    accuracy: { train: 0.947, test: 0.932, balanced: 0.919, majority: 0.663 },
    auc: 0.981,
    aucInterval: [0.976, 0.985],
    coefficients: { nonZero: 137, of: 512 },
    learningCurve: [1000, 2000, 4000, 8000, 9831].map((train, index) => ({
      train,
      accuracy: 0.88 + 0.013 * index,
      balanced: 0.86 + 0.014 * index,
      auc: 0.94 + 0.01 * index,
    })),
    roc: Array.from({ length: 101 }, (_, index) => [index / 100, (index / 100) ** 0.08] as const),
    histogram: {
      low: -6,
      high: 6,
      counts: Array.from({ length: 40 }, (_, index) =>
        Math.round(900 * Math.exp(-(((index - 24) / 9) ** 2))),
      ),
    },
    protocol: { train: 8000, accuracy: { train: 0.958, rest: 0.929 } },
    effect: { amount: 2, faces: 100, right: 0.95, change: { ...changes(0.2), [attribute]: 1.4 } },
    layerEffects,
    conditioning: {
      method: "gradient",
      on: ["age", "gender"],
      cosine: 0.43,
      leaks: {
        faces: 200,
        before: { age: -0.41, gender: 0.3 },
        after: { age: -0.05, gender: 0.06 },
        projection: { age: -0.36, gender: 0.27 },
        gradient: { age: -0.05, gender: 0.06 },
      },
    },
    run: { createdAt: "2025-01-02T03:04:05.000Z", seconds: 1.5, provider: "cpu", version: "0.1.0" },
  };
}

/** A report on several directions. */
export function exampleReport(attributes: readonly string[] = ["smile", "age", "gender"]): Report {
  const directions = attributes.map((name, index) => reportedDirection(name, index + 1));
  const columns = [...new Set(directions.flatMap(({ effect }) => Object.keys(effect?.change ?? {})))].sort();
  return {
    title: "demo-20k",
    directions,
    entanglement: {
      rows: attributes,
      columns,
      values: directions.map(({ effect }) =>
        columns.map((name) => {
          const moved = effect?.change[name];
          return moved === undefined ? undefined : moved / 2;
        }),
      ),
    },
  };
}
