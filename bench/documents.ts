import { parseDocument, serialiseDocument } from "../src/engine/files";
import { exampleLatent } from "../test/support/documents";
import type { Benchmark } from "./measure";
import { quantile } from "./statistics";

const GOAL = 20;
const ROUNDS = 21;

/** What every opened file costs before anything else can happen. */
export const documentBenchmark: Benchmark = {
  title: "Documents",
  about: `A latent of 18 x 512 numbers as text, parsed and checked against its schema: median of ${ROUNDS} rounds.`,
  run: () => {
    const text = serialiseDocument(exampleLatent(18, 512));
    parseDocument(text, "latent", "bench");
    const times = Array.from({ length: ROUNDS }, () => {
      const start = performance.now();
      parseDocument(text, "latent", "bench");
      return performance.now() - start;
    });
    const median = quantile(times, 0.5);
    return Promise.resolve([
      {
        what: "A latent read",
        value: `${median.toFixed(1)} ms`,
        against: `goal ${GOAL} ms`,
        holds: median <= GOAL,
      },
    ]);
  },
};
