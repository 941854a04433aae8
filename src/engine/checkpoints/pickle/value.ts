import type { ByteSource } from "../byteSource";

/**
 * What a pickle describes, as plain data. Nothing of it was imported or called: a class or function is its name, an
 * object is the name of what would have built it with what it would have been given.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleBlob
  | PickleValue[]
  | PickleTuple
  | PickleSet
  | PickleDict
  | PickleGlobal
  | PickleRecord
  | PicklePersistent;

/** A long run of bytes that stays in the file until somebody wants it. */
export class PickleBlob {
  /** @param utf8 the bytes are UTF-8 of a text (Python 3 writes bytes so below protocol 3, as Latin-1 characters) */
  constructor(
    readonly source: ByteSource,
    readonly offset: number,
    readonly length: number,
    readonly utf8: boolean,
  ) {}
}

export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

export class PickleSet {
  readonly items: PickleValue[] = [];
}

/** A dict in its own order; keys that are no text or number are compared by identity. */
export class PickleDict {
  readonly entries = new Map<PickleValue, PickleValue>();

  get(key: string): PickleValue | undefined {
    return this.entries.get(key);
  }
}

/** A class or function, by name only. */
export class PickleGlobal {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}

  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** What Python would have made by calling `callable` with `args`: never made here. */
export class PickleRecord {
  /** What `BUILD` would have set. */
  state: PickleValue | undefined;
  /** Appended to it as to a list. */
  readonly items: PickleValue[] = [];
  /** Set in it as in a dict. */
  readonly entries = new PickleDict();

  constructor(
    readonly callable: PickleGlobal,
    readonly args: readonly PickleValue[],
  ) {}
}

/** Something kept outside the pickle, by its identity (PyTorch: a storage). */
export class PicklePersistent {
  constructor(readonly id: PickleValue) {}
}
