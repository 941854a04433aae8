import {
  PickleDict,
  PickleTuple,
  toFloat32,
  type OpenedCheckpoint,
  type PickleValue,
  type TensorEntry,
} from "../../checkpoints";
import { RfmError } from "../../files";
import { isFaceAnswer } from "./cleanFace";
import { MICROSOFT_COLUMNS } from "./microsoftAttributes";

/** Columns of every label set that is known here. */
const COLUMNS = MICROSOFT_COLUMNS.length;

/** An array of one file. */
export interface FileArray {
  readonly file: string;
  /** Without axes of length 1, but for the first. */
  readonly shape: readonly number[];
  read(): Promise<Float32Array>;
}

/** What files of a label set hold. */
export interface LabelFiles {
  /** [n,40]. */
  readonly scores?: FileArray;
  /** Answers of the Microsoft Face API, one for each face. */
  readonly answers?: { readonly file: string; readonly items: readonly PickleValue[] };
  /** Every other array: codes. */
  readonly arrays: readonly FileArray[];
}

/**
 * Looks for a label set in files: scores [n,40], [n,1,40] or [n,40,1], or a list of the Face API's answers.
 *
 * @returns undefined where they hold neither.
 * @throws RfmError("usage") where they hold several.
 */
export function labelFilesIn(files: readonly OpenedCheckpoint[]): LabelFiles | undefined {
  const arrays = files.flatMap((file) => arraysOf(file));
  const [scores, other] = arrays.filter(({ shape }) => isTable(shape));
  const [answers] = files.flatMap((file) => {
    const items = answersIn(file.root);
    return items === undefined ? [] : [{ file: file.name, items }];
  });
  if (scores !== undefined && other !== undefined) {
    throw new RfmError(
      "usage",
      `${scores.file} and ${other.file} hold scores each; import one label set at a time.`,
    );
  }
  if (scores === undefined && answers === undefined) return undefined;
  return {
    ...(scores && { scores }),
    ...(answers && { answers }),
    arrays: arrays.filter((array) => array !== scores),
  };
}

function isTable(shape: readonly number[]): boolean {
  return shape.length === 2 && shape[1] === COLUMNS && (shape[0] ?? 0) > 1;
}

/** A checkpoint of a network has more arrays than a label set. */
const MOST_ARRAYS = 8;

function arraysOf(file: OpenedCheckpoint): FileArray[] {
  if (file.tensors.size > MOST_ARRAYS) return [];
  return [...file.tensors.values()].map((entry) => ({
    file: file.name,
    shape: withoutOnes(entry.shape),
    read: () => numbersOf(entry),
  }));
}

async function numbersOf(entry: TensorEntry): Promise<Float32Array> {
  return toFloat32(await entry.read());
}

function withoutOnes(shape: readonly number[]): number[] {
  return shape.filter((size, axis) => axis === 0 || size !== 1);
}

/** The list of answers in what a pickle holds: itself, or a member of its tuple, list or dict. */
function answersIn(root: PickleValue | undefined): readonly PickleValue[] | undefined {
  if (root === undefined) return undefined;
  const members =
    root instanceof PickleTuple
      ? root.items
      : root instanceof PickleDict
        ? [...root.entries.values()]
        : Array.isArray(root)
          ? [root, ...root]
          : [];
  const lists = members.map((member) => (member instanceof PickleTuple ? member.items : member));
  return lists.find((list): list is PickleValue[] => isListOfAnswers(list));
}

function isListOfAnswers(list: PickleValue | readonly PickleValue[]): boolean {
  if (!Array.isArray(list) || list.length < 2) return false;
  const items = list as readonly PickleValue[];
  return items.every(isFaceAnswer) && items.some((item) => item instanceof PickleDict || Array.isArray(item));
}
