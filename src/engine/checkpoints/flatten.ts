import type { TensorEntry } from "./checkpoint";
import { pickledArray } from "./numpy/pickledArray";
import { PickleDict, PickleRecord, PickleTuple, type PickleValue } from "./pickle";
import { unreadable } from "./tensor";
import { torchTensor, type FindStorage } from "./torch/tensor";

/** A checkpoint nests modules a dozen deep. */
const DEEPEST = 64;
/** Shared containers are entered under every name they have; a file that makes this explode is no checkpoint. */
const MOST_CONTAINERS = 1_000_000;
const MOST_TENSORS = 100_000;
/** Levels that modules and persistent objects keep their members under: no part of a parameter's name. */
const SILENT = new Set(["state", "_modules", "_parameters", "_buffers"]);

/**
 * The tensors of whatever a pickle describes, by the way that leads to them: keys of dicts, numbers of lists and tuples,
 * names of variables, members of objects, joined by dots. An object that is one tensor is called "tensor".
 *
 * @throws RfmError("checkpoint") where a tensor is broken, or the object is beyond any checkpoint's size.
 */
export async function namedTensors(
  root: PickleValue,
  file: string,
  find: FindStorage,
): Promise<ReadonlyMap<string, TensorEntry>> {
  const walk = new Walk(file, find);
  await walk.visit(root, []);
  return walk.tensors;
}

class Walk {
  readonly tensors = new Map<string, TensorEntry>();
  readonly #open = new Set<PickleValue>();
  #containers = 0;

  constructor(
    readonly file: string,
    readonly find: FindStorage,
  ) {}

  async visit(value: PickleValue, path: readonly string[]): Promise<void> {
    const members = membersOf(value);
    if (members === undefined || this.#open.has(value)) return;
    if (++this.#containers > MOST_CONTAINERS || path.length > DEEPEST)
      throw unreadable(this.file, "holds objects within objects beyond any checkpoint");
    if (value instanceof PickleRecord && (await this.#tensor(value, path))) return;
    this.#open.add(value);
    for (const [name, member] of members) {
      // Most members are numbers and texts: no call for those.
      if (typeof member !== "object" || member === null) continue;
      await this.visit(member, SILENT.has(name) ? path : [...path, name]);
    }
    this.#open.delete(value);
  }

  async #tensor(value: PickleRecord, path: readonly string[]): Promise<boolean> {
    const name = path.length === 0 ? "tensor" : path.join(".");
    const describe = `${this.file}: ${name.slice(0, 200)}`;
    const tensor = (await torchTensor(value, describe, this.find)) ?? (await pickledArray(value, describe));
    if (tensor === undefined) return false;
    if (this.tensors.size >= MOST_TENSORS)
      throw unreadable(this.file, "holds more tensors than any checkpoint");
    if (!this.tensors.has(name)) this.tensors.set(name, tensor);
    return true;
  }
}

/**
 * The value at the end of a way as tensors are named by, for what is no tensor: sizes, settings, names of networks.
 * Undefined where the way leads nowhere.
 */
export function valueAt(root: PickleValue | undefined, way: string): PickleValue | undefined {
  return root === undefined ? undefined : follow(root, way, DEEPEST, { left: MOST_CONTAINERS });
}

function follow(
  value: PickleValue,
  way: string,
  depth: number,
  steps: { left: number },
): PickleValue | undefined {
  if (way === "") return value;
  if (depth === 0 || --steps.left < 0) return undefined;
  for (const [name, member] of membersOf(value) ?? []) {
    // Names have dots of their own: "convs.0" is one key of a state dict.
    const rest = SILENT.has(name)
      ? way
      : name === way
        ? ""
        : way.startsWith(`${name}.`)
          ? way.slice(name.length + 1)
          : undefined;
    const found = rest === undefined ? undefined : follow(member, rest, depth - 1, steps);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a value contains, by name; undefined for what contains nothing. */
function membersOf(value: PickleValue): Iterable<readonly [string, PickleValue]> | undefined {
  if (value instanceof PickleDict) return named(value);
  if (value instanceof PickleTuple) return numbered(value.items);
  if (Array.isArray(value)) return numbered(value);
  if (value instanceof PickleRecord) return membersOfRecord(value);
  return undefined;
}

function* named(dict: PickleDict): Iterable<readonly [string, PickleValue]> {
  for (const [key, member] of dict.entries) {
    if (typeof key === "string" || typeof key === "number") yield [String(key), member];
  }
}

/** Lists of (name, value) are tables: TensorFlow's variables. */
function* numbered(items: readonly PickleValue[]): Iterable<readonly [string, PickleValue]> {
  for (const [index, item] of items.entries()) {
    const [name, value, ...rest] = item instanceof PickleTuple ? item.items : [];
    if (typeof name === "string" && value !== undefined && rest.length === 0) yield [name, value];
    else yield [String(index), item];
  }
}

function* membersOfRecord({
  state,
  entries,
  args,
  items,
}: PickleRecord): Iterable<readonly [string, PickleValue]> {
  // Its own state first: what `__setstate__` would have been given.
  if (state !== undefined) yield ["state", state];
  yield* named(entries);
  for (const argument of args) yield ["state", argument];
  yield* numbered(items);
}
