import { join } from "node:path";
import { Command } from "commander";
import type { FitChoices, FittedDirections, FitTools, MeasureChoices } from "../../engine/directions";
import {
  CancelledError,
  type DirectionDocument,
  makeFolder,
  RfmError,
  writeDocument,
} from "../../engine/files";
import type { LabelledCodes, Scorer } from "../../engine/labels";
import { finishBatch } from "../batch";
import { codesOfArrays, codesOfLabelSet } from "../codes";
import { type FitOptionTexts, understandFit } from "../fitChoices";
import { fitTable } from "../fitTable";
import { runBlock } from "../run";
import type { Shell, Task } from "../shell";
import { integerOption, UsageError } from "../usage";

interface FitCommandOptions extends FitOptionTexts {
  readonly latents?: string;
  readonly labels?: string;
  /** False for `--no-measure`. */
  readonly measure?: string | false;
  readonly layerFaces?: string;
  readonly scorer?: string;
  readonly out: string;
}

const NOTES = `
Every figure is of faces that took no part in training, the same for all attributes. The learning curve and RFM's own
protocol cost up to six more fits of each attribute.

With a label set the effect is measured as well: faces of fresh seeds are edited along each direction, on its layers and on
each layer alone, and scored again. That draws (N + M x layers) faces for each attribute, with the usual N and M 168 on ten
layers: seconds with the embedded model, many times that with a large one. The directions are written before it
begins, so that Ctrl+C loses no fit; --no-measure leaves it out.

--layers measured recommends the shortest run of layers that together do nine tenths of what single layers do.`;

/** `rfm fit`: directions of attributes, with the proof of their quality. */
export function fitCommand(shell: Shell): Command {
  const command = new Command("fit")
    .summary("directions of attributes, with proof of their quality")
    .description("Fit one direction per attribute of a label set: NAME.direction.json.")
    .argument("[labels]", "a NAME.labels.json")
    .option("--attribute <name>", "one attribute, or all; may be given several times", repeated)
    .option("--latents <w.npy>", "codes [n,512] or [n,L,512], instead of a label set")
    .option("--labels <y.npy>", "labels [n] or [n,A], with --latents")
    .option(
      "--penalty <l1|l2|svm|lasso>",
      "l1, l2: logistic regression; svm: a linear support vector machine; lasso: the scores themselves, by least squares with l1 (default: l1)",
    )
    .option("--C <C>", "cost of a misfit against the penalty (default: 1)")
    .option("--class-weight <balanced|none>", "balanced: both classes weigh the same (default: none)")
    .option("--train <N>", "faces to train on; the others test (default: four fifths)")
    .option(
      "--threshold <V|qQ|NAME=V>",
      "scores from V, or from the quantile Q, are positive; NAME=V for one attribute, several times (default: the attribute's own)",
      repeated,
    )
    .option(
      "--drop-middle <F>",
      "do not train on this share of each class, next to the threshold (default: 0)",
    )
    .option("--layers <A:B|measured>", "layers to recommend for edits (default: 0:4)")
    .option("--seed <S>", "seed of the split into training and test, and of the bootstrap (default: 0)")
    .option("--quick", "no learning curve and no figure by RFM's protocol (default with bare arrays)")
    .option("--no-quick", "with both (default with a label set)")
    .option("--measure <N>", "fresh faces to measure the effect on (default: 48 with a label set)")
    .option("--no-measure", "do not measure the effect")
    .option("--layer-faces <M>", "of these, faces for each single layer (default: 12)")
    .option("--scorer <pack>", "the scorer pack that made the labels (default: the built-in face nets)")
    .requiredOption("--out <folder>", "where to write")
    .addHelpText("after", NOTES);
  return command.action(async (name: string | undefined, options: FitCommandOptions) => {
    await shell.run(command, (task) => fit(task, name, options));
  });
}

/** Collects what an option is given each time. */
function repeated(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

async function fit(task: Task, name: string | undefined, options: FitCommandOptions): Promise<void> {
  const { output, signal, workshop, failPiece } = task;
  const wanted = understandFit(options, name !== undefined);
  const measure = understandMeasuring(name, options);
  checkInputs(name, options);
  const { directionFileName, fitDirections, reportOf } = await import("../../engine/directions");
  const codes = await readCodes(task, name, options);
  const scorer = measure === undefined ? undefined : await scorerOf(task, codes, options.scorer);
  const runtime = await workshop.runtime();
  const model = await workshop.model();
  await makeFolder(options.out);

  const written = new Map<string, DirectionDocument>();
  const paths = new Map<string, string>();
  const taken = new Set<string>();
  const failed: { piece: string; message: string }[] = [];
  const fail = (attribute: string, error: unknown): void => {
    failed.push({ piece: attribute, message: failPiece(error, attribute) });
  };
  const tools: FitTools = {
    runtime,
    model,
    ...(scorer === undefined ? {} : { scorer }),
    run: runBlock(runtime.provider),
    signal,
    onProgress: (progress) => {
      output.progress(progress);
    },
    onDocument: async (document) => {
      const { attribute } = document;
      const path = paths.get(attribute) ?? join(options.out, directionFileName(attribute, taken));
      paths.set(attribute, path);
      try {
        await writeDocument(path, document);
        if (!written.has(attribute)) output.note(path);
        written.set(attribute, document);
      } catch (error) {
        fail(attribute, error);
      }
    },
  };
  const choices: FitChoices = { ...wanted, ...(scorer && measure && { measure }) };
  const fitted = await unlessCancelled(fitDirections(codes, choices, tools));
  for (const { attribute, message } of fitted?.failures ?? [])
    fail(attribute, new RfmError("usage", message));
  for (const warning of fitted?.warnings ?? []) output.warn(warning);

  const { directions, entanglement } = reportOf([...written.values()]);
  if (directions.length > 0) output.note(fitTable(directions));
  finishBatch(
    task,
    { failed, cancelled: fitted === undefined },
    {
      directions: directions.map((direction) => ({ path: paths.get(direction.attribute), ...direction })),
      ...(entanglement === undefined ? {} : { entanglement }),
      warnings: fitted?.warnings ?? [],
    },
  );
}

/** What was fitted until an interruption is told, too. */
async function unlessCancelled(work: Promise<FittedDirections>): Promise<FittedDirections | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof CancelledError) return undefined;
    throw error;
  }
}

/** How to measure effects, or undefined for not at all. @throws UsageError */
function understandMeasuring(
  name: string | undefined,
  { measure, layerFaces, layers }: FitCommandOptions,
): MeasureChoices | undefined {
  const isMeasured = measure !== false && name !== undefined;
  if (!isMeasured && (typeof measure === "string" || layers === "measured")) {
    const option = layers === "measured" ? "--layers measured" : "--measure";
    throw new UsageError(
      `${option} takes a label set${measure === false ? ", and no --no-measure" : ""}; bare arrays say nothing of a scorer.`,
    );
  }
  if (!isMeasured) return undefined;
  return {
    ...(measure === undefined ? {} : { faces: integerOption("--measure", measure, 1, 100_000) }),
    ...(layerFaces === undefined
      ? {}
      : { layerFaces: integerOption("--layer-faces", layerFaces, 0, 100_000) }),
  };
}

/** The scorer that made the labels; without it effects are not measured, and that is told. */
async function scorerOf(
  { output, workshop }: Task,
  codes: LabelledCodes,
  folder: string | undefined,
): Promise<Scorer | undefined> {
  const scorer = await workshop.scorer(folder);
  if (codes.scorer === undefined || codes.scorer.sha256 === scorer.sha256) return scorer;
  const made =
    codes.scorer.name === scorer.name
      ? `another version of ${scorer.name}`
      : `${codes.scorer.name}, not ${scorer.name}`;
  output.warn(
    `The labels were made by ${made}, so that no effect is measured; give their scorer by --scorer, or label anew.`,
  );
  return undefined;
}

function checkInputs(name: string | undefined, { latents, labels, attribute }: FitCommandOptions): void {
  const isSet = name !== undefined && latents === undefined && labels === undefined;
  const isArrays = name === undefined && latents !== undefined && labels !== undefined;
  if (!isSet && !isArrays) throw new UsageError("Give either a label set, or both --latents and --labels.");
  if (isSet && attribute === undefined) {
    throw new UsageError("Which attribute? Give --attribute NAME, or --attribute all.");
  }
}

async function readCodes(
  task: Task,
  name: string | undefined,
  { latents = "", labels = "", attribute }: FitCommandOptions,
): Promise<LabelledCodes> {
  if (name !== undefined) return codesOfLabelSet(task, name);
  return codesOfArrays(task, latents, labels, attribute);
}
