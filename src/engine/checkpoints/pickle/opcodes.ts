import type { ByteReader } from "./byteReader";
import { isRefused, reduce } from "./globals";
import { decimal, narrow, quoted, rawUnicode, wholeNumber } from "./lines";
import type { PickleStack } from "./stack";
import { unreadable } from "../tensor";
import {
  PickleBlob,
  PickleDict,
  PickleGlobal,
  PickleRecord,
  PickleSet,
  PickleTuple,
  type PickleValue,
} from "./value";

/** What one operation does; its argument, if it has one, follows in the reader. */
export type Operation = (stack: PickleStack, reader: ByteReader) => void | Promise<void>;

/** Longer texts and bytes stay in the file. */
const EAGER = 1 << 16;
/** Of numbers and names that are written as lines. */
const LONGEST_LINE = 4096;
/** Protocol 0 writes whole arrays as one line of text. */
const LONGEST_TEXT = 1 << 28;
/** Bytes of a whole number: torch's magic number takes ten. */
const LONGEST_NUMBER = 64;

type Length = 1 | 2 | 4 | 8;

async function lengthOf(reader: ByteReader, width: Length): Promise<number> {
  const wait = reader.ensure(width);
  if (wait !== undefined) await wait;
  if (width === 1) return reader.byte();
  if (width === 2) return reader.uint16();
  return width === 4 ? reader.uint32() : reader.uint64();
}

/** Text or bytes with their length before them. */
function counted(width: Length, kind: "bytes" | "latin1" | "utf8"): Operation {
  return async (stack, reader) => {
    const length = await lengthOf(reader, width);
    if (length > EAGER) {
      const blob = new PickleBlob(reader.source, reader.position, length, kind === "utf8");
      reader.skip(length);
      stack.push(blob);
      return;
    }
    const wait = reader.ensure(length);
    if (wait !== undefined) await wait;
    stack.push(kind === "bytes" ? reader.bytes(length) : reader.text(length, kind));
  };
}

/** An operation after `count` bytes of argument are there. */
function fixed(count: number, operate: (stack: PickleStack, reader: ByteReader) => void): Operation {
  return (stack, reader) => {
    const wait = reader.ensure(count);
    if (wait === undefined) {
      operate(stack, reader);
      return;
    }
    return wait.then(() => {
      operate(stack, reader);
    });
  };
}

function constant(make: () => PickleValue): Operation {
  return (stack) => {
    const value = make();
    if (typeof value === "object" && value !== null) stack.countContainer();
    stack.push(value);
  };
}

function longNumber(width: 1 | 4): Operation {
  return async (stack, reader) => {
    const length = await lengthOf(reader, width);
    if (length > LONGEST_NUMBER) throw stack.broken("holds a number of absurd length");
    const wait = reader.ensure(length);
    if (wait !== undefined) await wait;
    let value = 0n;
    const bytes = reader.bytes(length);
    bytes.forEach((byte, i) => (value |= BigInt(byte) << BigInt(8 * i)));
    if ((bytes.at(-1) ?? 0) >= 128) value -= 1n << BigInt(8 * length);
    stack.push(narrow(value));
  };
}

function onLine(use: (stack: PickleStack, line: string) => PickleValue, most = LONGEST_LINE): Operation {
  return async (stack, reader) => {
    stack.push(use(stack, await reader.line(most)));
  };
}

function globalOf(stack: PickleStack, module: PickleValue, name: PickleValue): PickleGlobal {
  if (typeof module !== "string" || typeof name !== "string")
    throw stack.broken("names a class by what is no text");
  const found = new PickleGlobal(module, name);
  if (isRefused(found)) {
    const shown = found.path.slice(0, 80).replace(/[^\w.<>]/g, "?");
    throw unreadable(
      stack.name,
      `names ${shown}, which no checkpoint needs and which could run programs elsewhere; nothing of it was run`,
      "do not open this file with other tools",
    );
  }
  return found;
}

/** A call, of which only the names stay. */
function call(stack: PickleStack, callable: PickleValue, args: readonly PickleValue[]): void {
  stack.countContainer();
  if (callable instanceof PickleGlobal) stack.push(reduce(callable, args));
  // What a call gave is called again: of no interest, and kept as such.
  else if (callable instanceof PickleRecord) stack.push(new PickleRecord(callable.callable, args));
  else throw stack.broken("calls what is no function");
}

function itemsOf(stack: PickleStack, value: PickleValue): readonly PickleValue[] {
  if (!(value instanceof PickleTuple)) throw stack.broken("calls a function without arguments");
  return value.items;
}

function build(stack: PickleStack): void {
  const state = stack.pop();
  const target = stack.top();
  if (target instanceof PickleRecord) target.state = state;
  // Python keeps attributes of a dict beside its entries (OrderedDict's _metadata): nobody asks for those.
  else if (!(target instanceof PickleDict) && !(target instanceof PickleSet))
    throw stack.broken("sets the state of what has none");
}

/** Every operation of protocols 0 to 5 by its byte; those that reach outside the file are missing. */
export const OPERATIONS: ReadonlyMap<number, Operation> = new Map(
  Object.entries({
    "(": (stack) => {
      stack.mark();
    },
    "0": (stack) => {
      stack.discard();
    },
    "1": (stack) => {
      stack.popToMark();
    },
    "2": (stack) => {
      stack.push(stack.top());
    },
    N: constant(() => null),
    "\x88": constant(() => true),
    "\x89": constant(() => false),
    I: onLine(wholeNumber),
    L: onLine(wholeNumber),
    F: onLine(decimal),
    S: onLine(quoted, LONGEST_TEXT),
    V: onLine((_, line) => rawUnicode(line), LONGEST_TEXT),
    J: fixed(4, (stack, reader) => {
      stack.push(reader.int32());
    }),
    K: fixed(1, (stack, reader) => {
      stack.push(reader.byte());
    }),
    M: fixed(2, (stack, reader) => {
      stack.push(reader.uint16());
    }),
    G: fixed(8, (stack, reader) => {
      stack.push(reader.double());
    }),
    "\x8a": longNumber(1),
    "\x8b": longNumber(4),
    U: counted(1, "latin1"),
    T: counted(4, "latin1"),
    C: counted(1, "bytes"),
    B: counted(4, "bytes"),
    "\x8e": counted(8, "bytes"),
    "\x96": counted(8, "bytes"),
    X: counted(4, "utf8"),
    "\x8c": counted(1, "utf8"),
    "\x8d": counted(8, "utf8"),
    "]": constant(() => []),
    a: (stack) => {
      const item = stack.pop();
      stack.append([item]);
    },
    e: (stack) => {
      const items = stack.popToMark();
      stack.append(items);
    },
    l: (stack) => {
      stack.countContainer();
      stack.push(stack.popToMark());
    },
    ")": constant(() => new PickleTuple([])),
    t: (stack) => {
      stack.tuple(stack.popToMark());
    },
    "\x85": (stack) => {
      stack.tuple([stack.pop()]);
    },
    "\x86": (stack) => {
      const b = stack.pop();
      stack.tuple([stack.pop(), b]);
    },
    "\x87": (stack) => {
      const c = stack.pop();
      const b = stack.pop();
      stack.tuple([stack.pop(), b, c]);
    },
    "}": constant(() => new PickleDict()),
    d: (stack) => {
      const items = stack.popToMark();
      stack.countContainer();
      stack.push(new PickleDict());
      stack.set(items);
    },
    s: (stack) => {
      const value = stack.pop();
      const key = stack.pop();
      stack.set([key, value]);
    },
    u: (stack) => {
      const items = stack.popToMark();
      stack.set(items);
    },
    "\x8f": constant(() => new PickleSet()),
    "\x90": (stack) => {
      const items = stack.popToMark();
      stack.append(items);
    },
    "\x91": (stack) => {
      const set = new PickleSet();
      const items = stack.popToMark();
      stack.countContainer();
      stack.push(set);
      stack.append(items);
    },
    g: async (stack, reader) => {
      stack.push(stack.recall(Number(await reader.line(20))));
    },
    h: fixed(1, (stack, reader) => {
      stack.push(stack.recall(reader.byte()));
    }),
    j: fixed(4, (stack, reader) => {
      stack.push(stack.recall(reader.uint32()));
    }),
    p: async (stack, reader) => {
      stack.remember(Number(await reader.line(20)), stack.top());
    },
    q: fixed(1, (stack, reader) => {
      stack.remember(reader.byte(), stack.top());
    }),
    r: fixed(4, (stack, reader) => {
      stack.remember(reader.uint32(), stack.top());
    }),
    "\x94": (stack) => {
      stack.memoize();
    },
    c: async (stack, reader) => {
      const module = await reader.line(LONGEST_LINE);
      stack.push(globalOf(stack, module, await reader.line(LONGEST_LINE)));
    },
    "\x93": (stack) => {
      const name = stack.pop();
      stack.push(globalOf(stack, stack.pop(), name));
    },
    R: (stack) => {
      const args = itemsOf(stack, stack.pop());
      call(stack, stack.pop(), args);
    },
    "\x81": (stack) => {
      const args = itemsOf(stack, stack.pop());
      call(stack, stack.pop(), args);
    },
    "\x92": (stack) => {
      stack.pop();
      const args = itemsOf(stack, stack.pop());
      call(stack, stack.pop(), args);
    },
    i: async (stack, reader) => {
      const module = await reader.line(LONGEST_LINE);
      const found = globalOf(stack, module, await reader.line(LONGEST_LINE));
      call(stack, found, stack.popToMark());
    },
    o: (stack) => {
      const [callable = null, ...args] = stack.popToMark();
      call(stack, callable, args);
    },
    b: build,
    P: async (stack, reader) => {
      stack.persistent(await reader.line(LONGEST_LINE));
    },
    Q: (stack) => {
      stack.persistent(stack.pop());
    },
    "\x80": fixed(1, (stack, reader) => {
      if (reader.byte() > 5) throw stack.broken("has an unknown protocol");
    }),
    "\x95": fixed(8, (_, reader) => {
      reader.uint64();
    }),
  } satisfies Record<string, Operation>).map(([byte, operation]) => [byte.charCodeAt(0), operation]),
);
