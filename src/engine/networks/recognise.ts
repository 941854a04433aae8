import type { OpenedCheckpoint } from "../checkpoints";
import type { GeneratorRecogniser, GeneratorSource } from "./imported";
import { fromGenforcePgGan } from "./pgGan";
import { fromGenforceStyleGan1, fromNvidiaStyleGan1, fromRfmPort } from "./styleGan1";
import {
  fromAdaPytorch,
  fromGenforce,
  fromNvidiaTensorFlow,
  fromRosinality,
  refuseStyleGan3,
} from "./styleGan2";

/** One recogniser for each published layout. Names and shapes tell them apart, so their order does not matter. */
const RECOGNISERS: readonly GeneratorRecogniser[] = [
  fromGenforce,
  fromNvidiaTensorFlow,
  fromAdaPytorch,
  fromRosinality,
  fromGenforcePgGan,
  refuseStyleGan3,
  fromRfmPort,
  fromGenforceStyleGan1,
  fromNvidiaStyleGan1,
];

/**
 * The generator in these files, recognised by what they hold and never by their names; undefined where there is none.
 *
 * @param files parts of one generator (its synthesis, its mapping, its average w), or one whole.
 * @throws RfmError("model") where a generator is recognised but of a kind that cannot be built.
 */
export function recogniseGenerator(files: readonly OpenedCheckpoint[]): GeneratorSource | undefined {
  for (const recognise of RECOGNISERS) {
    const source = recognise(files);
    if (source !== undefined) return source;
  }
  return undefined;
}
