import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { elementCount, writeModel, type Graph } from "../src/engine/onnx";

/** What one kind of operator took in a run, in milliseconds. */
export interface OperatorTime {
  readonly operator: string;
  readonly milliseconds: number;
}

/** One event of ONNX Runtime's profile; durations are in microseconds. */
interface Event {
  readonly cat: string;
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

/** Times by operator of a run, the mean of some after a first one, by ONNX Runtime's own profile; the longest first. */
export async function operatorTimes(
  graph: Graph,
  feeds: Readonly<Record<string, Float32Array>>,
  runs: number,
  threads: number,
): Promise<OperatorTime[]> {
  const folder = await mkdtemp(join(tmpdir(), "rfm-profile-"));
  try {
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, data]) => {
        const shape = graph.inputs.get(name)?.shape ?? [elementCount([data.length])];
        return [name, new Tensor("float32", data, [...shape])];
      }),
    );
    const session = await InferenceSession.create(writeModel(graph), {
      executionProviders: ["cpu"],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      enableMemPattern: false,
      enableCpuMemArena: false,
      enableProfiling: true,
      profileFilePrefix: join(folder, "profile"),
    });
    for (let run = 0; run <= runs; run++) await session.run(tensors);
    session.endProfiling();
    await session.release();
    const [name = ""] = await readdir(folder);
    const events = JSON.parse(await readFile(join(folder, name), "utf8")) as readonly Event[];
    return byOperator(events, runs);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function byOperator(events: readonly Event[], runs: number): OperatorTime[] {
  const nodes = events.filter(({ cat, args }) => cat === "Node" && args?.op_name !== undefined);
  // The runs are alike, and the first of them waits for its memory.
  const later = nodes.slice(nodes.length / (runs + 1));
  const sums = new Map<string, number>();
  for (const { dur, args } of later) {
    const operator = args?.op_name ?? "";
    sums.set(operator, (sums.get(operator) ?? 0) + dur / 1000 / runs);
  }
  return [...sums]
    .map(([operator, milliseconds]) => ({ operator, milliseconds }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
