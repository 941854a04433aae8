import { describe, expect, it } from "vitest";
import { eachPiece, finishBatch } from "../../../src/cli/batch";
import type { Task } from "../../../src/cli/shell";
import { CancelledError, RfmError } from "../../../src/engine/files";

/** The parts of a task that a batch uses. */
function taskOf(signal = new AbortController().signal): Task & { told: string[]; results: object[] } {
  const told: string[] = [];
  const results: object[] = [];
  const unused = (): never => {
    throw new Error("a batch does not use this");
  };
  return {
    told,
    results,
    signal,
    workshop: undefined as never,
    output: {
      progress: unused,
      note: unused,
      warn: unused,
      fail: unused,
      result: (value) => results.push(value),
    },
    failPiece: (error, piece) => {
      if (!(error instanceof RfmError)) throw error;
      const message = piece === undefined ? error.message : `${piece}: ${error.message}`;
      told.push(message);
      return message;
    },
  };
}

const nameOf = (piece: string): string => piece;

describe("eachPiece", () => {
  it("does the rest when a piece fails, and names it where its error does not", async () => {
    const done: string[] = [];
    const work = (piece: string): Promise<void> => {
      if (piece === "b") throw new RfmError("file", "It is broken.");
      done.push(piece);
      return Promise.resolve();
    };
    const task = taskOf();
    const outcome = await eachPiece(task, ["a", "b", "c"], nameOf, work, false);
    expect(outcome).toEqual({ failed: [{ piece: "b", message: "b: It is broken." }], cancelled: false });
    expect(done).toEqual(["a", "c"]);
    expect(task.told).toEqual(["b: It is broken."]);
  });

  it("ends at an interruption and still tells what was done", async () => {
    const controller = new AbortController();
    const done: string[] = [];
    const task = taskOf(controller.signal);
    const outcome = await eachPiece(task, ["a", "b", "c"], nameOf, (piece) => {
      done.push(piece);
      if (piece === "b") {
        controller.abort();
        throw new CancelledError();
      }
      return Promise.resolve();
    });
    expect(done).toEqual(["a", "b"]);
    expect(() => {
      finishBatch(task, outcome, { done });
    }).toThrow(CancelledError);
    expect(task.results).toEqual([{ done: ["a", "b"], failed: [], cancelled: true }]);
  });

  it("lets defects through", async () => {
    const work = (): Promise<void> => Promise.reject(new TypeError("a bug"));
    await expect(eachPiece(taskOf(), ["a"], nameOf, work)).rejects.toThrow(TypeError);
  });
});
