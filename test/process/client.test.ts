import { monitorEventLoopDelay } from "node:perf_hooks";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { CancelledError, RfmError } from "../../src/engine/files";
import { EngineClient, type EngineClientOptions } from "../../src/extension/process/client";
import type { EngineSettings } from "../../src/protocol/engine";
import { bundle } from "./support/bundle";
import { Fixture } from "./support/fixtureRequests";

const SETTINGS: EngineSettings = { provider: "cpu", modelsRoot: "/models", allowedModelRoots: [] };

let entry: string;
beforeAll(async () => {
  entry = await bundle("test/process/support/fixtureEngine.ts", "fixture-engine");
});

/** A client with everything it tells, closed after the test. */
class Observed {
  readonly restarts: (string | undefined)[] = [];
  readonly downs: string[] = [];
  readonly log: string[] = [];
  readonly client: EngineClient;
  #changed: (() => void) | undefined;

  constructor(options: Partial<EngineClientOptions> = {}) {
    this.client = new EngineClient({
      entry,
      settings: SETTINGS,
      events: {
        restarted: (message) => {
          this.restarts.push(message);
          this.#changed?.();
        },
        down: (message) => {
          this.downs.push(message);
          this.#changed?.();
        },
        log: (text) => this.log.push(text),
      },
      ...options,
    });
  }

  /** Resolves when the client has told something more. */
  told(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }

  /** kill -9, from outside. */
  kill(): void {
    process.kill(this.client.pid ?? 0, "SIGKILL");
  }
}

const open: Observed[] = [];
function observe(options?: Partial<EngineClientOptions>): Observed {
  const observed = new Observed(options);
  open.push(observed);
  return observed;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ client }) => client.dispose()));
});

const failure = (promise: Promise<unknown>): Promise<RfmError> =>
  promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error as RfmError,
  );

describe("requests", () => {
  it("start the process at the first one, no earlier", async () => {
    const { client } = observe();
    expect(client.pid).toBeUndefined();
    expect(await client.status()).toMatchObject({ provider: "cpu", node: process.version });
    expect(client.pid).toBeTypeOf("number");
    expect(client.pid).not.toBe(process.pid);
  });

  it("carry typed arrays both ways as what they are, and no more than their part of a buffer", async () => {
    const { client } = observe();
    const { rgba, w } = await client.request(Fixture.picture, { size: 1000 });
    expect(rgba).toBeInstanceOf(Uint8Array);
    expect(rgba).toEqual(new Uint8Array(1000).fill(9));
    expect(w).toEqual(Float32Array.of(1.5, -2));
    const large = new Uint8Array(4096).subarray(0, 16);
    expect(await client.request(Fixture.measure, { rgba: large })).toMatchObject({
      type: "Uint8Array",
      length: 16,
    });
  });

  it("deliver progress in order, before the answer", async () => {
    const { client } = observe();
    const counts: number[] = [];
    const onProgress = ({ count }: { count: number }): void => {
      counts.push(count);
    };
    const result = await client.request(Fixture.count, { to: 5 }, { onProgress });
    expect(result).toEqual({ count: 5, cancelled: false });
    expect(counts).toEqual([1, 2, 3, 4, 5]);
  });

  it("keep the progress of two requests apart", async () => {
    const { client } = observe();
    const seen: Record<number, number> = {};
    await Promise.all(
      [3, 6].map((to) =>
        client.request(
          Fixture.count,
          { to },
          { onProgress: ({ count }) => (seen[to] = Math.max(seen[to] ?? 0, count)) },
        ),
      ),
    );
    expect(seen).toEqual({ 3: 3, 6: 6 });
  });
});

describe("failures", () => {
  it("arrive as sentence and code", async () => {
    const error = await failure(observe().client.request(Fixture.fail, { how: "sentence" }));
    expect(error).toBeInstanceOf(RfmError);
    expect(error).toMatchObject({ code: "picture", message: "cat.png shows no face; choose another photo." });
  });

  it("that nobody foresaw arrive without their stack; the log has it", async () => {
    const observed = observe();
    const error = await failure(observed.client.request(Fixture.fail, { how: "bug" }));
    expect(error.code).toBe("engine");
    expect(error.message).toMatch(
      /^The engine met an error .*\(TypeError: undefined is not a function\).*\.$/,
    );
    expect(error.message).not.toContain("secret");
    await observed.client.dispose();
    expect(observed.log.join("\n")).toContain("secret");
  });

  it("of a request that is not known do not hang", async () => {
    const error = await failure(observe().client.request(Fixture.unknown, {}));
    expect(error.code).toBe("engine");
  });

  it("of the first request are told, and no process is left", async () => {
    const { client, restarts, downs } = observe({ settings: { ...SETTINGS, provider: "cuda" } });
    const error = await failure(client.status());
    expect(error).toMatchObject({ code: "provider", message: "There is no cuda here; choose cpu." });
    expect(client.pid).toBeUndefined();
    await client.configure(SETTINGS);
    expect(await client.status()).toMatchObject({ provider: "cpu" });
    expect([restarts, downs]).toEqual([[], []]);
  });
});

describe("when the process dies", () => {
  it("it is started again once, with a message, and works", async () => {
    const observed = observe();
    const { client } = observed;
    const running = failure(client.request(Fixture.count, { to: 10_000 }, { onProgress: () => undefined }));
    await client.status();
    const before = client.pid;
    const told = observed.told();
    observed.kill();
    expect(await running).toMatchObject({
      code: "engine",
      message: "The RFM engine stopped before it was done (killed by SIGKILL); try again.",
    });
    await told;
    expect(observed.restarts).toEqual([
      "The RFM engine stopped (killed by SIGKILL) and was started again; repeat what it was doing.",
    ]);
    expect(client.pid).not.toBe(before);
    expect(await client.request(Fixture.count, { to: 1 })).toEqual({ count: 1, cancelled: false });
  });

  it("a second time it stays down with a sentence, until it is used", async () => {
    const observed = observe();
    const { client } = observed;
    await client.status();
    for (const _ of [1, 2]) {
      const told = observed.told();
      observed.kill();
      await told;
    }
    expect(observed.restarts).toHaveLength(1);
    expect(observed.downs).toEqual([
      "The RFM engine stopped again (killed by SIGKILL) and stays down until it is used; the RFM log may tell why.",
    ]);
    expect(client.pid).toBeUndefined();
    expect(await client.request(Fixture.count, { to: 1 })).toEqual({ count: 1, cancelled: false });
    // Sessions of the process before are gone, so that has to be told as well, without a new complaint.
    expect(observed.restarts.slice(1)).toEqual([undefined]);
  });

  it("long after the first time it is started again", async () => {
    const observed = observe({ relapseMilliseconds: 0 });
    await observed.client.status();
    for (const _ of [1, 2, 3]) {
      const told = observed.told();
      observed.kill();
      await told;
    }
    expect(observed.restarts).toHaveLength(3);
    expect(observed.downs).toEqual([]);
  });

  it("while it starts, nothing hangs and nothing loops", async () => {
    const observed = observe({ environment: { RFM_FIXTURE_CRASH: "hello" } });
    const told = observed.told();
    expect(await failure(observed.client.status())).toMatchObject({ code: "engine" });
    await told;
    expect(observed.downs).toHaveLength(1);
    expect(observed.client.pid).toBeUndefined();
  });

  it("a program that is not there is one sentence", async () => {
    const error = await failure(observe({ entry: "/nowhere/engine.js" }).client.status());
    expect(error.code).toBe("engine");
    expect(error.message).not.toContain("\n");
  });
});

describe("cancelling", () => {
  it("reaches a handler between its steps, which answers with what it has", async () => {
    const { client } = observe();
    const controller = new AbortController();
    const onProgress = ({ count }: { count: number }): void => {
      if (count === 3) controller.abort();
    };
    const result = await client.request(
      Fixture.count,
      { to: 10_000 },
      { signal: controller.signal, onProgress },
    );
    expect(result.cancelled).toBe(true);
    expect(result.count).toBeGreaterThanOrEqual(3);
    expect(result.count).toBeLessThan(1000);
  });

  it("ends a process that does not give way, and starts another", async () => {
    const observed = observe({ graceMilliseconds: 200 });
    const { client } = observed;
    await client.status();
    const before = client.pid;
    const controller = new AbortController();
    const onProgress = (): void => {
      controller.abort();
    };
    const told = observed.told();
    const blocked = failure(
      client.request(Fixture.block, { milliseconds: 60_000 }, { signal: controller.signal, onProgress }),
    );
    expect(await blocked).toBeInstanceOf(CancelledError);
    await told;
    expect(observed.restarts).toEqual(["The RFM engine did not stop when asked to and was started again."]);
    expect(client.pid).not.toBe(before);
    expect(await client.request(Fixture.count, { to: 1 })).toEqual({ count: 1, cancelled: false });
  });

  it("before the start sends nothing", async () => {
    const { client } = observe();
    const signal = AbortSignal.abort();
    await expect(client.request(Fixture.count, { to: 1 }, { signal })).rejects.toBeInstanceOf(CancelledError);
  });
});

describe("settings", () => {
  it("that concern only trust reach the running process", async () => {
    const { client, restarts } = observe();
    await client.status();
    const before = client.pid;
    await client.configure({ ...SETTINGS, allowedModelRoots: ["/workspace"] });
    expect(client.pid).toBe(before);
    const { settings } = await client.request(Fixture.settings, {});
    expect(settings?.allowedModelRoots).toEqual(["/workspace"]);
    expect(restarts).toEqual([]);
  });

  it("of another provider start another process", async () => {
    const { client, restarts } = observe();
    await client.status();
    const before = client.pid;
    await client.configure({ ...SETTINGS, provider: "auto" });
    expect(client.pid).not.toBe(before);
    const { settings } = await client.request(Fixture.settings, {});
    expect(settings?.provider).toBe("auto");
    expect(restarts).toEqual([undefined]);
  });
});

it("leaves the host's event loop alone while the engine is busy", async () => {
  const { client } = observe();
  await client.status();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await client.request(Fixture.block, { milliseconds: 500 });
  delay.disable();
  expect(delay.percentile(50) / 1e6).toBeLessThan(50);
});

it("ends its process when it is closed, even a busy one", async () => {
  const { client } = observe();
  await client.status();
  const pid = client.pid ?? 0;
  const blocked = failure(client.request(Fixture.block, { milliseconds: 60_000 }));
  await client.dispose();
  expect((await blocked).code).toBe("engine");
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  await expect(client.status()).rejects.toThrow("has been closed");
});
