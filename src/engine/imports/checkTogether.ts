import type { OpenedCheckpoint } from "../checkpoints";
import { RfmError } from "../files";
import { lpipsPart } from "../networks";
import { networksIn, type Networks } from "./contents";

/**
 * Refuses files that do not make one model: nothing of what a person names is left out in silence.
 *
 * @throws RfmError("usage" or "checkpoint") that names the file.
 */
export function checkTogether(files: readonly OpenedCheckpoint[], together: Networks): void {
  if (files.length < 2) return;
  const alone = files.map((file) => ({ file, networks: networksIn([file]) }));
  const stranger = alone.find(({ file, networks }) => !isPart(file, networks, together));
  if (stranger !== undefined) {
    throw new RfmError(
      "checkpoint",
      `${stranger.file.name} holds no part of the model of the other files; import it by itself, or leave it out.`,
    );
  }
  // Several files make one generator where each has a part of it; whole ones are models of their own.
  const wholes = alone.filter(({ file, networks }) => networks.generator !== undefined && isWhole(file));
  const [first, second] = wholes;
  if (first !== undefined && second !== undefined) {
    throw new RfmError(
      "usage",
      `${first.file.name} and ${second.file.name} hold a generator each; import them into packs of their own.`,
    );
  }
}

function isPart(file: OpenedCheckpoint, own: Networks, together: Networks): boolean {
  if (together.generator !== undefined) {
    const isAverage = file.tensors.size === 1;
    return own.generator !== undefined || own.encoder !== undefined || isAverage;
  }
  if (together.classifiers.length === 0 && together.lpips !== undefined) return lpipsPart(file) !== undefined;
  return own.classifiers.length > 0 || together.classifiers.length === 0;
}

/** Whether a file has what draws: the constant that every picture grows from, or the first layer of a PGGAN. */
function isWhole(file: OpenedCheckpoint): boolean {
  return [...file.tensors].some(([, { shape }]) => shape.length === 4 && shape[2] === 4 && shape[3] === 4);
}
