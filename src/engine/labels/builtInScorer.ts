import {
  FACE_ATTRIBUTES,
  outputsOf,
  pullBackScore,
  SCORE_REVISION,
  type Alignment,
  type FaceNets,
} from "../faces";
import { sha256, type AttributeRecord } from "../files";
import type { Scorer } from "./scorer";

/** The built-in scorer for the faces of a model: the face nets on crops framed by its alignment. */
export function builtInScorer(nets: FaceNets, alignment: Alignment): Scorer {
  const attributes = FACE_ATTRIBUTES.map(({ name, group, kind, threshold, low, high }): AttributeRecord => ({
    name,
    group,
    unit: kind,
    // What has no natural threshold is split in the middle.
    threshold: threshold ?? "q0.5",
    description: `from ${low} to ${high}`,
  }));
  return {
    name: "face nets",
    sha256: sha256(
      JSON.stringify([nets.sha256, SCORE_REVISION, attributes, alignment.scale, alignment.centre]),
    ),
    attributes,
    score: (pictures, n, _size, signal) => nets.scoreFaces(pictures, n, alignment, signal),
    derivatives: {
      graph: (size) => nets.scoreSourcesGraph(size, alignment),
      outputsOf,
      pullBack: pullBackScore,
    },
  };
}
