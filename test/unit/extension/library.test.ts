import { expect, it, vi } from "vitest";
import { Library } from "../../../src/extension/tree/library";
import { failureOf } from "../../support/folder";

vi.mock("vscode", async () => await import("../../support/vscodeMock"));

class Numbers extends Library<number> {
  reads = 0;
  watchers = 0;
  disposed = 0;
  fails = false;

  protected read(): Promise<number> {
    this.reads++;
    return this.fails ? Promise.reject(new Error("gone")) : Promise.resolve(this.reads);
  }

  protected watch(): { dispose: () => void }[] {
    this.watchers++;
    return [{ dispose: () => this.disposed++ }];
  }
}

it("reads and watches nothing before it is asked, and reads once until something changes", async () => {
  const numbers = new Numbers();
  let changes = 0;
  numbers.onDidChange(() => changes++);
  expect([numbers.reads, numbers.watchers]).toEqual([0, 0]);
  expect(await Promise.all([numbers.content(), numbers.content()])).toEqual([1, 1]);
  numbers.refresh();
  expect([changes, numbers.reads]).toEqual([1, 1]);
  expect(await numbers.content()).toBe(2);
  expect(numbers.watchers).toBe(1);
  numbers.dispose();
  expect(numbers.disposed).toBe(1);
});

it("tells a failure to whoever asked, and tries again for the next", async () => {
  const numbers = new Numbers();
  numbers.fails = true;
  expect((await failureOf(() => numbers.content())).message).toBe("gone");
  numbers.fails = false;
  expect(await numbers.content()).toBe(2);
});
