import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withLock } from "../../../src/engine/files";
import { failureOf, temporaryFolder } from "../../support/folder";

const folder = temporaryFolder();

describe("withLock", () => {
  it("lets one in at a time", async () => {
    let inside = 0;
    let most = 0;
    const rounds = Array.from({ length: 6 }, () =>
      withLock(join(folder, "shared"), async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 5));
        inside--;
      }),
    );
    await Promise.all(rounds);
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("returns the result, and frees the lock after a failure", async () => {
    const path = join(folder, "result");
    expect(await withLock(path, () => Promise.resolve(42))).toBe(42);
    const failure = await failureOf(() => withLock(path, () => Promise.reject(new Error("inside"))));
    expect(failure.message).toBe("inside");
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it("takes over the lock of a dead process", async () => {
    const path = join(folder, "dead");
    const pid = spawnSync(process.execPath, ["-e", ""]).pid;
    writeFileSync(`${path}.lock`, JSON.stringify({ pid, host: hostname() }));
    expect(await withLock(path, () => Promise.resolve("mine"), 0)).toBe("mine");
  });

  it("takes over a lock that its writer left empty long ago", async () => {
    const path = join(folder, "empty");
    writeFileSync(`${path}.lock`, "");
    utimesSync(`${path}.lock`, 0, 0);
    expect(await withLock(path, () => Promise.resolve("mine"), 0)).toBe("mine");
  });

  it.each([
    ["a live process", { pid: process.pid, host: hostname() }, `process ${process.pid}`],
    ["another machine", { pid: 1, host: "elsewhere" }, "process 1 on elsewhere"],
  ])("says that %s holds it, and leaves the lock alone", async (what, holder, said) => {
    const path = join(folder, what.replaceAll(" ", "-"));
    writeFileSync(`${path}.lock`, JSON.stringify(holder));
    const error = await failureOf(() => withLock(path, () => Promise.resolve(), 30));
    expect(error.message).toContain(`${path} is in use by ${said}`);
    expect(existsSync(`${path}.lock`)).toBe(true);
  });

  it("names the file when no lock can be made", async () => {
    const path = join(folder, "absent", "x");
    expect((await failureOf(() => withLock(path, () => Promise.resolve()))).message).toMatch(
      /absent\/x cannot be locked: it does not exist; /,
    );
  });
});
