import { basename } from "node:path";
import { valueAt, type OpenedCheckpoint } from "../../checkpoints";
import type { AttributeRecord } from "../../files";
import { elementCount, type Tensor } from "../../onnx";
import { reordered } from "../arrays";
import { aboutFile, findLayout, LayoutTensors } from "../layoutTensors";
import { classifiedAttribute, classifierAttributeRecord, type ClassifiedAttribute } from "./attributes";
import { celebaClassifierGraph } from "./graph";
import type { CelebaClassifier } from "./weights";

/** A classifier that was recognised by its tensors' names; its weights have not been read yet. */
export interface ClassifierSource {
  readonly attribute: ClassifiedAttribute;
  /** What its column of scores means. */
  readonly record: AttributeRecord;
  /** Side of the pictures that it takes, in pixels. */
  readonly resolution: number;
  /** @throws RfmError("model") where it cannot be built, RfmError("checkpoint") where a tensor cannot be read. */
  load(): Promise<CelebaClassifier>;
}

const FIRST = "FromRGB_lod0/weight";
/** Bytes of names and settings that are looked at. */
const LONGEST_NAME = 200;

/**
 * One of NVIDIA's CelebA-HQ classifiers (`celebahq-classifier-NN-name.pkl`); undefined where the file is none. Which
 * attribute it is for is told by the file's name, or else by the network's own.
 */
export function recogniseClassifier(file: OpenedCheckpoint): ClassifierSource | undefined {
  const tensors = findLayout([file], FIRST);
  // A generator's file holds its discriminator too, which looks the same.
  const isDiscriminator = [...file.tensors.keys()].some((name) => name.endsWith("4x4/Const/const"));
  if (tensors === undefined || isDiscriminator) return undefined;
  const network = new LayoutTensors(file, tensors.prefix.replace(/variables\.$/, ""));
  const ownName = textOr(network.setting("name"), "");
  const attribute = classifiedAttribute([
    basename(file.name),
    ownName,
    textOr(network.setting("static_kwargs.attribute"), ""),
  ]);
  let resolution = 4;
  while (tensors.has(`${2 * resolution}x${2 * resolution}/Conv0/weight`)) resolution *= 2;
  return {
    attribute,
    record: classifierAttributeRecord(attribute),
    resolution,
    load: () => load(tensors, network, ownName),
  };
}

async function load(tensors: LayoutTensors, network: LayoutTensors, name: string): Promise<CelebaClassifier> {
  refuseOtherSettings(network);
  const weights = new Map<string, Tensor>();
  for (const each of tensors.names()) {
    const kind = /^(?:FromRGB_lod0|(\d+)x\1\/(?:Conv0|Conv1_down|Conv|Dense0|Dense1))\/(weight|bias)$/.exec(
      each,
    );
    if (kind === null) continue;
    const tensor = await tensors.read(each);
    weights.set(each.replaceAll("/", "."), kind[2] === "weight" ? channelsFirst(tensor) : tensor);
  }
  const classifier = { name, weights, blur: blurOf(network) };
  // Building it checks every shape.
  aboutFile(tensors.file, () => celebaClassifierGraph(classifier));
  return classifier;
}

/** [h,w,in,out] and [in,out] as [out,in,h,w] and [out,in]. */
function channelsFirst(tensor: Tensor): Tensor {
  if (elementCount(tensor.shape) === 0) return tensor;
  if (tensor.shape.length === 4) return reordered(tensor, [3, 2, 0, 1]);
  return tensor.shape.length === 2 ? reordered(tensor, [1, 0]) : tensor;
}

function refuseOtherSettings(network: LayoutTensors): void {
  const setting = (name: string): unknown =>
    valueAt(network.file.root, `${network.prefix}static_kwargs.${name}`);
  if (setting("use_wscale") === false)
    throw network.refusal("has weights without run-time scales", "use NVIDIA's classifiers");
  const activation = setting("nonlinearity");
  if (typeof activation === "string" && activation !== "lrelu")
    throw network.refusal("has another activation than leaky ReLU", "use NVIDIA's classifiers");
}

/** The filter that the settings name, [1,2,1] where they name none. */
function blurOf(network: LayoutTensors): readonly number[] {
  const value = network.setting("static_kwargs.blur_filter");
  if (value === undefined) return [1, 2, 1];
  if (value === null) return [];
  const taps = Array.isArray(value) ? value.filter((tap) => typeof tap === "number") : [];
  const isFilter =
    Array.isArray(value) && taps.length === value.length && taps.length < 16 && taps.length % 2 === 1;
  if (Array.isArray(value) && value.length === 0) return [];
  if (!isFilter || taps.reduce((sum, tap) => sum + tap, 0) === 0)
    throw network.refusal("smooths with a filter that is none", "use NVIDIA's classifiers");
  return taps;
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value.slice(0, LONGEST_NAME) : otherwise;
}
