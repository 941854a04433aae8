import type { OpenedCheckpoint } from "../../checkpoints";
import { RfmError } from "../../files";
import type { Tensor } from "../../onnx";
import { LayoutTensors } from "../layoutTensors";
import type { Weights } from "../weights";
import { lpips } from "./lpips";

/** LPIPS, recognised by its tensors' names; its weights have not been read yet. */
export interface LpipsSource {
  /** @throws RfmError("model") where it cannot be built, RfmError("checkpoint") where a tensor cannot be read. */
  load(): Promise<Weights>;
}

/** VGG16's convolutions: torchvision's "features.0.weight", or "net.slice1.0.weight" in a whole LPIPS's state. */
const CONVOLUTION = /^(?:.+\.)?(?:features|net\.slice[1-5])\.(\d{1,2})\.(weight|bias)$/;
/** The metric's weights; a number tells whether a dropout layer comes first. */
const LINEAR = /^(?:.+\.)?lin([0-4])\.(?:model\.[01]\.)?weight$/;
/** Sizes by which only VGG16 is meant: other networks of torchvision have "features" as well. */
const FIRST_CONVOLUTION = [3, 3, 3];

/**
 * LPIPS in one file, or VGG16 (torchvision's `vgg16-*.pth`) and the metric's weights (`vgg.pth` of the lpips package) in
 * two; undefined where either is missing.
 */
export function recogniseLpips(files: readonly OpenedCheckpoint[]): LpipsSource | undefined {
  const found = new Map<string, () => Promise<Tensor>>();
  for (const file of files) {
    for (const name of file.tensors.keys()) {
      const canonical = canonicalName(name);
      if (canonical !== undefined && !found.has(canonical))
        found.set(canonical, () => new LayoutTensors(file, "").read(name));
    }
  }
  const parts = files.map((file) => lpipsPart(file));
  const isThere = (part: LpipsPart): boolean => parts.includes(part) || parts.includes("whole");
  if (!isThere("vgg") || !isThere("metric")) return undefined;
  return { load: () => load(found) };
}

/** Which half of LPIPS a file holds, or both. */
export type LpipsPart = "vgg" | "metric" | "whole";

/** The part of LPIPS that is in one file; undefined where it holds none. */
export function lpipsPart(file: OpenedCheckpoint): LpipsPart | undefined {
  const shapes = new Map(
    [...file.tensors].flatMap(([name, { shape }]) => {
      const canonical = canonicalName(name);
      return canonical === undefined ? [] : [[canonical, shape] as const];
    }),
  );
  const isVgg =
    shapes.has("features.28.weight") &&
    shapes.get("features.0.weight")?.slice(1).join() === FIRST_CONVOLUTION.join();
  const isMetric = shapes.has("lin0.weight") && shapes.has("lin4.weight");
  if (isVgg) return isMetric ? "whole" : "vgg";
  return isMetric ? "metric" : undefined;
}

function canonicalName(name: string): string | undefined {
  const convolution = CONVOLUTION.exec(name);
  if (convolution !== null) return `features.${convolution[1] ?? ""}.${convolution[2] ?? ""}`;
  const linear = LINEAR.exec(name);
  return linear === null ? undefined : `lin${linear[1] ?? ""}.weight`;
}

async function load(found: ReadonlyMap<string, () => Promise<Tensor>>): Promise<Weights> {
  const weights = new Map<string, Tensor>();
  for (const [name, read] of found) weights.set(name, await read());
  try {
    // Building it checks every shape.
    lpips(weights, [32, 32]);
  } catch (error) {
    if (!(error instanceof RfmError)) throw error;
    throw new RfmError("model", `The files hold no whole LPIPS on VGG16: ${error.message}`, { cause: error });
  }
  return weights;
}
