import { basename } from "node:path";
import {
  documentSuffix,
  parseDocument,
  readFileBounded,
  RfmError,
  sha256,
  type DirectionDocument,
  type Edit,
  type ModelReference,
} from "../files";

/** No direction is larger: 18 x 512 numbers take a fifth of a megabyte. */
const MAXIMUM_BYTES = 64 << 20;

/** A direction as it lies on the disk: the document, where it is, and the hash of its bytes. */
export interface Direction {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly document: DirectionDocument;
}

/** Reads a `NAME.direction.json`. @throws RfmError: one sentence that names the file. */
export async function readDirection(path: string): Promise<Direction> {
  const bytes = await readFileBounded(path, MAXIMUM_BYTES);
  return {
    name: basename(path).replace(documentSuffix("direction"), ""),
    path,
    sha256: sha256(bytes),
    document: parseDocument(bytes, "direction", path),
  };
}

/** Whether a direction was fitted on this model. */
export function directionMatches({ document }: Direction, model: ModelReference): boolean {
  return document.model.sha256 === model.sha256;
}

/** @throws RfmError("usage") for a direction of another model: its numbers would mean nothing there. */
export function checkDirectionMatches(direction: Direction, model: ModelReference): void {
  if (directionMatches(direction, model)) return;
  throw new RfmError(
    "usage",
    `${direction.path} is a direction of the model ${direction.document.model.name}, not of ${model.name}; use one of this model.`,
  );
}

/** What an edit may say otherwise than its direction recommends. */
export type EditChoices = Partial<Pick<Edit, "layers" | "clip" | "muted" | "layerAmounts">>;

/**
 * An edit along a direction.
 * @param amount in sigma
 * @param pathInDocument the direction's path as the document shall remember it
 */
export function editAlong(
  { name, path, sha256: hash, document }: Direction,
  amount: number,
  choices: EditChoices = {},
  pathInDocument = path,
): Edit {
  const { sigma, coefficientNorm, vector, space, layers } = document;
  return {
    direction: {
      name,
      path: pathInDocument,
      sha256: hash,
      space,
      ...(sigma === undefined ? {} : { sigma }),
      ...(coefficientNorm === undefined ? {} : { coefficientNorm }),
      vector,
    },
    amount,
    layers: choices.layers ?? layers,
    clip: choices.clip ?? 0,
    muted: choices.muted ?? false,
    ...(choices.layerAmounts === undefined ? {} : { layerAmounts: choices.layerAmounts }),
  };
}
