import { unreadable } from "../tensor";
import {
  PickleDict,
  PickleGlobal,
  PicklePersistent,
  PickleRecord,
  PickleSet,
  PickleTuple,
  type PickleValue,
} from "./value";

/** What a pickle may cost. Published checkpoints and label sets need a fifth of it at most. */
const BUDGET = { operations: 30_000_000, containers: 2_000_000, memo: 6_000_000, stack: 4_000_000 };

/** The working memory of the machine: its stack, the marks on it, the memo, and what of the budget is spent. */
export class PickleStack {
  readonly #values: PickleValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo: (PickleValue | undefined)[] = [];
  /** Everything kept outside the pickle, in its order. */
  readonly persistents: PicklePersistent[] = [];
  #operations = 0;
  #containers = 0;

  constructor(readonly name: string) {}

  countOperation(): void {
    if (++this.#operations > BUDGET.operations) throw this.broken("asks for more steps than any checkpoint");
  }

  countContainer(): void {
    if (++this.#containers > BUDGET.containers) throw this.broken("holds more objects than any checkpoint");
  }

  push(value: PickleValue): void {
    if (this.#values.length >= BUDGET.stack) throw this.broken("nests deeper than any checkpoint");
    this.#values.push(value);
  }

  pop(): PickleValue {
    const value = this.#values.length > (this.#marks.at(-1) ?? 0) ? this.#values.pop() : undefined;
    if (value === undefined) throw this.broken("takes more from its stack than it put there");
    return value;
  }

  top(): PickleValue {
    const value = this.#values.at(-1);
    if (value === undefined) throw this.broken("takes more from its stack than it put there");
    return value;
  }

  mark(): void {
    if (this.#marks.length >= BUDGET.stack) throw this.broken("nests deeper than any checkpoint");
    this.#marks.push(this.#values.length);
  }

  /** Takes everything above the last mark, and the mark. */
  popToMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.broken("has no mark where it needs one");
    return this.#values.splice(mark);
  }

  /** Discards the top: a value, or the mark that lies there. */
  discard(): void {
    if (this.#marks.at(-1) === this.#values.length) this.#marks.pop();
    else this.pop();
  }

  remember(index: number, value: PickleValue): void {
    // Writers count from 0 (or 1) up; a gap would make a sparse array of whatever size the file says.
    if (index > this.#memo.length + 1 || index > BUDGET.memo) throw this.broken("jumps in its memo");
    this.#memo[index] = value;
  }

  /** Puts the top into the next free place of the memo. */
  memoize(): void {
    this.remember(this.#memo.length, this.top());
  }

  recall(index: number): PickleValue {
    const value = this.#memo[index];
    if (value === undefined) throw this.broken("recalls what it never remembered");
    return value;
  }

  /** Appends to the list, set or record on the top. */
  append(items: readonly PickleValue[]): void {
    const target = this.top();
    if (target instanceof PickleSet || target instanceof PickleRecord) addAll(target.items, items);
    else if (Array.isArray(target)) addAll(target, items);
    else throw this.broken("appends to what is no list");
  }

  /** Sets keys and values, in turn, in the dict or record on the top. */
  set(items: readonly PickleValue[]): void {
    const top = this.top();
    const target = top instanceof PickleRecord ? top.entries : top;
    if (!(target instanceof PickleDict) || items.length % 2 !== 0)
      throw this.broken("sets a key in what is no dict");
    for (let i = 0; i + 1 < items.length; i += 2) {
      target.entries.set(items[i] ?? null, items[i + 1] ?? null);
    }
  }

  tuple(items: readonly PickleValue[]): void {
    this.countContainer();
    this.push(new PickleTuple(items));
  }

  persistent(id: PickleValue): void {
    // Old PyTorch keeps the source of a module's class beside it: the class's name is all that is wanted.
    const [tag, named] = id instanceof PickleTuple ? id.items : [];
    if (tag === "module" && named instanceof PickleGlobal) {
      this.push(named);
      return;
    }
    this.countContainer();
    const value = new PicklePersistent(id);
    this.persistents.push(value);
    this.push(value);
  }

  broken(what: string): Error {
    return unreadable(this.name, `${what} and is not read as a pickle`);
  }
}

/** Not by spreading, which overflows the call stack. */
function addAll(target: PickleValue[], items: readonly PickleValue[]): void {
  for (const item of items) target.push(item);
}
