import { describe, expect, it } from "vitest";
import { CancelledError } from "../../../src/engine/files";
import { Shelf, Turns, type Releasable } from "../../../src/engine/inversion";

function gate(): { readonly open: () => void; readonly passed: Promise<void> } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("Turns", () => {
  it("lets each work begin when the one before has ended, also where that failed", async () => {
    const turns = new Turns();
    const told: string[] = [];
    const first = gate();
    const works = [
      turns.take(async () => {
        told.push("first begins");
        await first.passed;
        told.push("first ends");
      }),
      turns.take(() => {
        told.push("second fails");
        return Promise.reject(new Error("no"));
      }),
      turns.take(() => {
        told.push("third");
        return Promise.resolve(3);
      }),
    ];
    await settle();
    expect(told).toEqual(["first begins"]);
    first.open();
    const [, second, third] = await Promise.allSettled(works);
    expect(told).toEqual(["first begins", "first ends", "second fails", "third"]);
    expect(second).toMatchObject({ status: "rejected" });
    expect(third).toEqual({ status: "fulfilled", value: 3 });
  });

  it("lets who gives up waiting go at once, and keeps the others waiting", async () => {
    const turns = new Turns();
    const first = gate();
    const atWork = turns.take(() => first.passed);
    const patience = new AbortController();
    let begun = false;
    const given = turns.take(() => Promise.resolve(), patience.signal);
    const after = turns.take(() => {
      begun = true;
      return Promise.resolve();
    });
    patience.abort();
    await expect(given).rejects.toBeInstanceOf(CancelledError);
    await settle();
    expect(begun).toBe(false);
    first.open();
    await Promise.all([atWork, after]);
    expect(begun).toBe(true);
  });
});

describe("Shelf", () => {
  const things = (): {
    made: string[];
    released: string[];
    make: (name: string) => () => Promise<Releasable>;
  } => {
    const made: string[] = [];
    const released: string[] = [];
    const make = (name: string) => (): Promise<Releasable> => {
      made.push(name);
      return Promise.resolve({
        release: () => {
          released.push(name);
          return Promise.resolve();
        },
      });
    };
    return { made, released, make };
  };

  it("makes each thing once and keeps one variant of a name", async () => {
    const { made, released, make } = things();
    const shelf = new Shelf(false);
    const plain = await shelf.get("plain", make("plain"));
    expect(await shelf.get("plain", make("plain again"))).toBe(plain);
    await shelf.get("polish", make("polish 1"), 1);
    await shelf.get("polish", make("polish 2"), 2);
    expect(made).toEqual(["plain", "polish 1", "polish 2"]);
    expect(released).toEqual(["polish 1"]);
    await shelf.clear();
    expect(released).toEqual(["polish 1", "plain", "polish 2"]);
    expect(await shelf.get("plain", make("plain anew"))).not.toBe(plain);
  });

  it("keeps only the one that was asked for last where there is room for one", async () => {
    const { made, released, make } = things();
    const shelf = new Shelf(true);
    await shelf.get("plain", make("plain"));
    await shelf.get("polish", make("polish"));
    expect(released).toEqual(["plain"]);
    await shelf.get("plain", make("plain again"));
    expect(made).toEqual(["plain", "polish", "plain again"]);
    expect(released).toEqual(["plain", "polish"]);
  });

  it("tries again what could not be made", async () => {
    const { make } = things();
    const shelf = new Shelf(true);
    const failing = (): Promise<Releasable> => Promise.reject(new Error("no memory"));
    await expect(shelf.get("plain", failing)).rejects.toThrow("no memory");
    await settle();
    await expect(shelf.get("plain", make("plain"))).resolves.toBeDefined();
  });
});
