import { join } from "node:path";
import { Command } from "commander";
import { documentSuffix, type LayerRange, makeFolder, RfmError, writeDocument } from "../../engine/files";
import { eachPiece, finishBatch } from "../batch";
import type { Column, LabelledCodes } from "../../engine/labels";
import { codesOfArrays, codesOfLabelSet } from "../codes";
import { directionDocument, fileName, sentence, summary } from "../directionFile";
import { splitExamples, thresholdOf } from "../positives";
import { runBlock } from "../run";
import type { Shell, Task } from "../shell";
import { choiceOption, integerOption, layersOption, numberOption, UsageError } from "../usage";
import type { DirectionFit, FitOptions, Gram, PenaltyName } from "../../engine/directions";

interface FitCommandOptions {
  readonly attribute?: string;
  readonly latents?: string;
  readonly labels?: string;
  readonly penalty?: string;
  readonly C?: string;
  readonly classWeight?: string;
  readonly train?: string;
  readonly threshold?: string;
  readonly dropMiddle?: string;
  readonly layers?: string;
  readonly seed?: string;
  readonly out: string;
}

/** The options, understood. */
interface Choices {
  readonly fit: FitOptions;
  readonly threshold: number | string | undefined;
  readonly dropMiddle: number;
  readonly layers: LayerRange;
}

const PENALTIES: readonly PenaltyName[] = ["l1", "l2"];
/** RFM's own: the coarse layers, where pose, shape and expression live. */
const DEFAULT_LAYERS: LayerRange = [0, 4];

/** `rfm fit`: directions of attributes by logistic regression. */
export function fitCommand(shell: Shell): Command {
  const command = new Command("fit")
    .summary("directions of attributes by logistic regression")
    .description("Fit one direction per attribute of a label set: NAME.direction.json.")
    .argument("[labels]", "a NAME.labels.json")
    .option("--attribute <name>", "one attribute, or all")
    .option("--latents <w.npy>", "codes [n,512], instead of a label set")
    .option("--labels <y.npy>", "labels [n] or [n,A], with --latents")
    .option("--penalty <l1|l2>", "what keeps coefficients small (default: l1)")
    .option("--C <C>", "cost of a misfit against the penalty (default: 1)")
    .option("--class-weight <balanced|none>", "balanced: both classes weigh the same (default: none)")
    .option("--train <N>", "faces to train on; the others test (default: four fifths)")
    .option(
      "--threshold <V|qQ>",
      "scores from V, or from the quantile Q, are positive (default: the attribute's own)",
    )
    .option("--drop-middle <F>", "leave out this share of each class, next to the threshold (default: 0)")
    .option("--layers <A:B>", "layers to recommend for edits (default: 0:4)")
    .option("--seed <S>", "seed of the split into training and test (default: 0)")
    .requiredOption("--out <folder>", "where to write");
  return command.action(async (name: string | undefined, options: FitCommandOptions) => {
    await shell.run(command, (task) => fitAll(task, name, options));
  });
}

async function fitAll(task: Task, name: string | undefined, options: FitCommandOptions): Promise<void> {
  const { output, signal, workshop } = task;
  const choices = understand(options);
  const codes = await readCodes(task, name, options);
  const chosen = chooseColumns(codes, options.attribute ?? (name === undefined ? "all" : undefined));
  const runtime = await workshop.runtime();
  const { openRuntimeGram } = await import("../../engine/directions");
  const products = await openRuntimeGram(runtime, codes.dimension);
  await makeFolder(options.out);
  const { layers: modelLayers } = await workshop.model();
  const layers: LayerRange = [choices.layers[0], Math.min(choices.layers[1], modelLayers)];
  const directions: object[] = [];
  const outcome = await eachPiece(
    task,
    chosen,
    (column) => column.name,
    async (column, index) => {
      output.progress({ phase: `fit ${column.name}`, done: index, total: chosen.length });
      const started = performance.now();
      const { fit, threshold } = await fitColumn(codes, column, choices, products.gram, signal);
      const path = join(options.out, fileName(column.name) + documentSuffix("direction"));
      const run = runBlock(runtime.provider, started);
      await writeDocument(path, directionDocument(codes, column, fit, { threshold, layers, run }));
      directions.push({ path, attribute: column.name, ...summary(fit) });
      output.note(`${path}: ${sentence(fit)}`);
    },
    false,
  );
  await products.release();
  finishBatch(task, outcome, { directions });
}

function understand(options: FitCommandOptions): Choices {
  const { penalty, C, classWeight, train, threshold, dropMiddle, layers, seed } = options;
  const quantile = threshold?.startsWith("q") === true;
  if (quantile) numberOption("The quantile of --threshold", threshold.slice(1), 0, 1);
  return {
    fit: {
      penalty: penalty === undefined ? "l1" : choiceOption("--penalty", penalty, PENALTIES),
      C: C === undefined ? 1 : numberOption("--C", C, 1e-12, 1e12),
      classWeight:
        classWeight === undefined ||
        choiceOption("--class-weight", classWeight, ["balanced", "none"]) === "none"
          ? null
          : "balanced",
      ...(train === undefined ? {} : { train: integerOption("--train", train, 2) }),
      ...(seed === undefined ? {} : { seed: integerOption("--seed", seed) }),
    },
    threshold: threshold === undefined || quantile ? threshold : numberOption("--threshold", threshold),
    dropMiddle: dropMiddle === undefined ? 0 : numberOption("--drop-middle", dropMiddle, 0, 0.99),
    layers: layers === undefined ? DEFAULT_LAYERS : layersOption(layers),
  };
}

async function readCodes(
  task: Task,
  name: string | undefined,
  options: FitCommandOptions,
): Promise<LabelledCodes> {
  const { latents, labels, attribute } = options;
  if (name !== undefined && latents === undefined && labels === undefined) {
    if (attribute === undefined)
      throw new UsageError("Which attribute? Give --attribute NAME, or --attribute all.");
    return codesOfLabelSet(task, name);
  }
  if (name === undefined && latents !== undefined && labels !== undefined) {
    return codesOfArrays(task, latents, labels, attribute);
  }
  throw new UsageError("Give either a label set, or both --latents and --labels.");
}

function chooseColumns({ columns }: LabelledCodes, attribute = "all"): readonly Column[] {
  if (attribute === "all") return columns;
  const found = columns.filter(({ name }) => name === attribute);
  if (found.length === 0) {
    const names = columns.map(({ name }) => name).join(", ");
    throw new RfmError("usage", `The labels have no attribute ${attribute}; choose one of ${names}, or all.`);
  }
  return found;
}

async function fitColumn(
  { rows, dimension }: LabelledCodes,
  { scores, threshold: own }: Column,
  { fit, threshold: choice, dropMiddle }: Choices,
  gram: Gram,
  signal: AbortSignal,
): Promise<{ fit: DirectionFit; threshold: number }> {
  const { fitDirection } = await import("../../engine/directions");
  const threshold = thresholdOf(scores, choice ?? own);
  const { faces, labels } = splitExamples(scores, threshold, dropMiddle);
  const chosen = new Float32Array(faces.length * dimension);
  faces.forEach((face, index) => {
    chosen.set(rows.subarray(face * dimension, (face + 1) * dimension), index * dimension);
  });
  return { fit: await fitDirection(chosen, dimension, labels, { ...fit, gram, signal }), threshold };
}
