import { describe, expect, it } from "vitest";
import { Latest } from "../../../src/extension/studio/latest";

/** Work that ends when the test says so. */
function harness() {
  const begun: { value: number; end: (error?: Error) => void }[] = [];
  const delivered: number[] = [];
  const failed: number[] = [];
  const latest = new Latest<number, number>(
    (value) =>
      new Promise((resolve, reject) => {
        begun.push({
          value,
          end: (error) => {
            if (error === undefined) resolve(value * 10);
            else reject(error);
          },
        });
      }),
    (result) => delivered.push(result),
    (_error, value) => failed.push(value),
  );
  const settle = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { latest, begun, delivered, failed, settle };
}

describe("Latest", () => {
  it("has one piece of work going on and drops all that waits but the newest", async () => {
    const { latest, begun, delivered, settle } = harness();
    for (const value of [1, 2, 3, 4]) latest.request(value);
    expect(begun.map(({ value }) => value)).toEqual([1]);
    begun[0]?.end();
    await settle();
    expect(begun.map(({ value }) => value)).toEqual([1, 4]);
    begun[1]?.end();
    await settle();
    expect(delivered).toEqual([10, 40]);
    latest.request(5);
    expect(begun).toHaveLength(3);
  });

  it("goes on after a failure", async () => {
    const { latest, begun, delivered, failed, settle } = harness();
    latest.request(1);
    latest.request(2);
    begun[0]?.end(new Error("no"));
    await settle();
    begun[1]?.end();
    await settle();
    expect(failed).toEqual([1]);
    expect(delivered).toEqual([20]);
  });

  it("delivers nothing once disposed", async () => {
    const { latest, begun, delivered, failed, settle } = harness();
    latest.request(1);
    latest.request(2);
    latest.dispose();
    latest.request(3);
    begun[0]?.end();
    await settle();
    expect(begun).toHaveLength(1);
    expect([...delivered, ...failed]).toEqual([]);
  });
});
