import { basename } from "node:path";
import { openCheckpoint, type PickleValue } from "../checkpoints";
import { RfmError, sha256OfFile, type AttributeRecord, type LabelsDocument, type RunBlock } from "../files";
import { DEFAULT_BATCH, writeLabelSet } from "../labels";
import type { Model } from "../models";
import { cleanFace, type Cleaning } from "./labelSets/cleanFace";
import { codesOfFaces, type CodesOptions, type FaceCodes, type RowSpace } from "./labelSets/codesOfFaces";
import { labelFilesIn, type LabelFiles } from "./labelSets/labelFiles";
import {
  areMicrosoftScores,
  MICROSOFT_COLUMNS,
  microsoftAttributes,
  turnNegativeAngles,
} from "./labelSets/microsoftAttributes";
import { NVIDIA_ATTRIBUTES, SIGN_OF_MALE } from "./labelSets/nvidiaAttributes";

export interface ImportLabelsOptions {
  /** The model whose faces were labelled. */
  readonly model: Model;
  /** The new label set, with or without `.labels.json`. */
  readonly name: string;
  /** Of the Face API's answers; default: RFM's. */
  readonly cleaning?: Cleaning;
  /** What codes of one row are; default: told by what they hold. */
  readonly codes?: RowSpace;
  readonly run: RunBlock;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: CodesOptions["onProgress"];
}

/** A published label set as a document, with what its user should know. */
export interface ImportedLabels {
  readonly document: LabelsDocument;
  /** Sentences. */
  readonly notes: readonly string[];
}

/** Scores [n,40] and what they mean. */
interface Scores {
  readonly file: string;
  readonly data: Float32Array;
  readonly attributes: readonly AttributeRecord[];
  readonly scorer: string;
  /** Whether faces are the seeds 0, 1, ... where no codes come with them. */
  readonly ofSeeds: boolean;
  readonly notes: readonly string[];
  /** Faces that stay, where some are left out. */
  readonly kept?: readonly number[];
}

/**
 * Label sets of other projects as `NAME.labels.json` with its shards: RFM's logits of NVIDIA's classifiers (of seeds, or with
 * a file of z), the Microsoft set that RFM cleaned (with the codes of its faces), and Puzer's pickle of codes and answers of
 * the Face API, which is cleaned here.
 *
 * @throws RfmError: "checkpoint" where the files hold no label set or do not belong together, "model" where the codes are not
 * the model's, "file" where the label set is there already.
 */
export async function importLabels(
  paths: readonly string[],
  options: ImportLabelsOptions,
): Promise<ImportedLabels> {
  const files = labelFilesIn(await Promise.all(paths.map((path) => openCheckpoint(path))));
  if (files === undefined) {
    throw new RfmError(
      "checkpoint",
      `${paths.join(", ")} holds no scores of 40 attributes and no answers of the Face API; look into it by \`rfm inspect\`.`,
    );
  }
  const { model, name, run, signal, onProgress, codes: rows } = options;
  const scores = await scoresOf(files, options.cleaning ?? "rfm");
  if (files.arrays.length === 0 && !scores.ofSeeds) {
    throw new RfmError(
      "checkpoint",
      `${scores.file} holds labels without the faces that they are of; name the file of their latents together with it (Puzer's latent_training_data.pkl.gz).`,
    );
  }
  const count = scores.data.length / scores.attributes.length;
  const faces = await codesOfFaces(files.arrays, { model, count, ...(rows && { rows }), signal, onProgress });
  const whole = kept(scores, faces);
  const { psi } = model;
  const document = await writeLabelSet(
    name,
    {
      document: {
        kind: "labels",
        version: 1,
        model: { name: model.name, sha256: model.sha256 },
        scorer: { name: scores.scorer, sha256: await sha256OfFile(scores.file) },
        space: faces.space,
        ...(faces.truncated ? { psi: psi.default, cutoff: psi.cutoff } : {}),
        count: whole.count,
        batch: DEFAULT_BATCH,
        ...(faces.codes === undefined ? { seeds: { start: 0, end: whole.count } } : {}),
        attributes: scores.attributes,
        run,
      },
      scores: whole.scores,
      ...(whole.codes && { codes: whole.codes }),
    },
    signal,
  );
  const notes = [
    ...scores.notes,
    ...faces.notes,
    ...(faces.codes === undefined
      ? [
          `The faces are the seeds 0 to ${whole.count - 1} of ${model.name}, truncated as it is by default (psi ${psi.default}).`,
        ]
      : []),
  ];
  return { document, notes };
}

async function scoresOf({ scores, answers }: LabelFiles, cleaning: Cleaning): Promise<Scores> {
  if (scores === undefined) return answersAsScores(answers?.file ?? "", answers?.items ?? [], cleaning);
  const { file } = scores;
  const data = (await scores.read()).slice();
  if (!areMicrosoftScores(data)) {
    return {
      file,
      data,
      attributes: NVIDIA_ATTRIBUTES,
      scorer: "NVIDIA's CelebA-HQ classifiers",
      ofSeeds: true,
      notes: [SIGN_OF_MALE],
    };
  }
  const turned = turnNegativeAngles(data);
  return {
    file,
    data,
    attributes: microsoftAttributes(data),
    scorer: "Microsoft Face API",
    ofSeeds: false,
    notes: [
      MEDIANS,
      ...(turned.length > 0
        ? [`${turned.join(" and ")} of ${basename(file)} are negative angles; their signs are left out.`]
        : []),
    ],
  };
}

const MEDIANS =
  "Age and the angles of the head have no threshold of their own: the median of the faces that have any is taken; fit with --threshold NAME=V for another.";

function answersAsScores(file: string, items: readonly PickleValue[], cleaning: Cleaning): Scores {
  const columns = MICROSOFT_COLUMNS.length;
  const data = new Float32Array(items.length * columns);
  const differing = new Uint32Array(columns);
  const faces: number[] = [];
  items.forEach((answer, face) => {
    const row = cleanFace(answer, cleaning);
    const other = cleanFace(answer, cleaning === "rfm" ? "corrected" : "rfm");
    if (row === undefined || other === undefined) return;
    faces.push(face);
    data.set(row, face * columns);
    row.forEach((value, column) => {
      if (value !== other[column]) differing[column] = (differing[column] ?? 0) + 1;
    });
  });
  if (faces.length === 0) throw new RfmError("checkpoint", `${file} names no face in any of its answers.`);
  const differences = MICROSOFT_COLUMNS.flatMap(({ name }, column) => {
    const count = differing[column] ?? 0;
    return count === 0 ? [] : [`${name} in ${count}`];
  });
  const [own, others] =
    cleaning === "rfm" ? ["RFM's script", "--cleaning corrected"] : ["the corrected cleaning", "RFM's"];
  const dropped = items.length - faces.length;
  return {
    file,
    data,
    attributes: microsoftAttributes(rowsOf(data, faces, columns)),
    scorer: "Microsoft Face API",
    ofSeeds: false,
    notes: [
      differences.length === 0
        ? `Cleaned as by ${own}; ${others} gives the same.`
        : `Cleaned as by ${own}; ${others} differs in faces by column: ${differences.join(", ")}.`,
      MEDIANS,
      ...(dropped > 0 ? [`${dropped} of ${items.length} answers name no face and are left out.`] : []),
    ],
    ...(dropped > 0 ? { kept: faces } : {}),
  };
}

/** Scores and codes without the faces that are left out. */
function kept(
  { data, attributes, kept: faces }: Scores,
  { codes }: FaceCodes,
): { count: number; scores: Float32Array; codes?: NonNullable<FaceCodes["codes"]> } {
  const columns = attributes.length;
  if (faces === undefined) return { count: data.length / columns, scores: data, ...(codes && { codes }) };
  const size = codes === undefined ? 0 : codes.shape.reduce((product, width) => product * width, 1);
  return {
    count: faces.length,
    scores: rowsOf(data, faces, columns),
    ...(codes && { codes: { ...codes, data: rowsOf(codes.data, faces, size) } }),
  };
}

function rowsOf(data: Float32Array, rows: readonly number[], width: number): Float32Array {
  const result = new Float32Array(rows.length * width);
  rows.forEach((row, index) => {
    result.set(data.subarray(row * width, (row + 1) * width), index * width);
  });
  return result;
}
