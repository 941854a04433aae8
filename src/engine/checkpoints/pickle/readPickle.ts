import type { ByteSource } from "../byteSource";
import { ByteReader } from "./byteReader";
import { OPERATIONS } from "./opcodes";
import { PickleStack } from "./stack";
import type { PicklePersistent, PickleValue } from "./value";

const STOP = ".".charCodeAt(0);
/** Long pickles let other work through after this many operations. */
const BREATH = 200_000;

/** A pickle's value, and where in the source the next one would begin. */
export interface ReadPickle {
  readonly value: PickleValue;
  readonly end: number;
  /** What it refers to outside itself, in its order. */
  readonly persistents: readonly PicklePersistent[];
}

/**
 * Reads one pickle (protocols 0 to 5) as data: nothing is imported or called, whatever it says. Classes and functions
 * become names, and those that could run programs make it refused. Steps, objects, memo and stack are bounded; long
 * texts and bytes stay in the source.
 *
 * @throws RfmError("checkpoint") where it is no pickle, broken, or beyond the bounds.
 */
export async function readPickle(source: ByteSource, offset = 0): Promise<ReadPickle> {
  const reader = new ByteReader(source, offset);
  const stack = new PickleStack(source.name);
  for (let count = 1; ; count++) {
    stack.countOperation();
    const wait = reader.ensure(1);
    if (wait !== undefined) await wait;
    const code = reader.byte();
    if (code === STOP) {
      return { value: stack.pop(), end: reader.position, persistents: stack.persistents };
    }
    const operation = OPERATIONS.get(code);
    if (operation === undefined) throw stack.broken(`has the unknown operation ${code}`);
    const pending = operation(stack, reader);
    if (pending !== undefined) await pending;
    if (count % BREATH === 0) await new Promise(setImmediate);
  }
}
