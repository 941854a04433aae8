import type { Graph } from "../../onnx";
import { ageGenderGraph } from "./ageGender";
import { detectorGraph } from "./detector";
import { expressionsGraph, landmarksGraph } from "./landmarks";
import { recogniserGraph } from "./recogniser";
import { tinyDetectorGraph } from "./tinyDetector";
import { readFaceWeights, type FaceWeights } from "./weights";

/** The face nets by name. */
export const FACE_NETS = [
  "detector",
  "tinyDetector",
  "landmarks",
  "ageGender",
  "expressions",
  "recogniser",
] as const;
export type FaceNetName = (typeof FACE_NETS)[number];

/** Each net's files in face-api's folder, and what makes a graph of them. */
const SOURCES: Readonly<
  Record<FaceNetName, { readonly file: string; readonly build: (weights: FaceWeights) => Graph }>
> = {
  detector: { file: "ssd_mobilenetv1_model", build: detectorGraph },
  tinyDetector: { file: "tiny_face_detector_model", build: tinyDetectorGraph },
  landmarks: { file: "face_landmark_68_model", build: landmarksGraph },
  ageGender: { file: "age_gender_model", build: ageGenderGraph },
  expressions: { file: "face_expression_model", build: expressionsGraph },
  recogniser: { file: "face_recognition_model", build: recogniserGraph },
};

/** The files that {@link faceNetGraphs} reads, relative to its folder: manifests and weights. */
export function faceNetFiles(): string[] {
  return FACE_NETS.flatMap((name) => [
    `${SOURCES[name].file}-weights_manifest.json`,
    `${SOURCES[name].file}.bin`,
  ]);
}

/**
 * All face nets as graphs of batch 1; every input and output has the batch as its first axis and none is baked in.
 * @param folder the `model` folder of the package @vladmandic/face-api
 * @throws RfmError("file" | "checkpoint") where a file is missing or broken
 */
export async function faceNetGraphs(folder: string): Promise<Record<FaceNetName, Graph>> {
  const graphs = await Promise.all(
    FACE_NETS.map(
      async (name) => [name, SOURCES[name].build(await readFaceWeights(folder, SOURCES[name].file))] as const,
    ),
  );
  return Object.fromEntries(graphs) as Record<FaceNetName, Graph>;
}
