import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeFileAtomically } from "../../../src/engine/files";
import { failureOf, temporaryFolder } from "../../support/folder";

const folder = temporaryFolder();

describe("writeFileAtomically", () => {
  it("writes text and bytes and leaves nothing else behind", async () => {
    const inside = join(folder, "plain");
    mkdirSync(inside);
    await writeFileAtomically(join(inside, "a.txt"), "é");
    await writeFileAtomically(join(inside, "b.bin"), Uint8Array.of(0, 255));
    expect(readFileSync(join(inside, "a.txt"), "utf8")).toBe("é");
    expect([...readFileSync(join(inside, "b.bin"))]).toEqual([0, 255]);
    expect(readdirSync(inside)).toEqual(["a.txt", "b.bin"]);
  });

  it("replaces a file and keeps its permissions", async () => {
    const path = join(folder, "mode.txt");
    writeFileSync(path, "old");
    chmodSync(path, 0o600);
    await writeFileAtomically(path, "new");
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("keeps a symbolic link and replaces what it names", async () => {
    const target = join(folder, "target.txt");
    const link = join(folder, "link.txt");
    writeFileSync(target, "old");
    symlinkSync("target.txt", link);
    await writeFileAtomically(link, "new");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, "utf8")).toBe("new");
  });

  it("never shows a part: readers meanwhile see one whole content or the other", async () => {
    const path = join(folder, "race.bin");
    const size = 300_000;
    await writeFileAtomically(path, new Uint8Array(size).fill(0));
    let writing = true;
    const writer = (async () => {
      for (let round = 1; round <= 12; round++) {
        await writeFileAtomically(path, new Uint8Array(size).fill(round));
      }
      writing = false;
    })();
    const isWriting = (): boolean => writing;
    while (isWriting()) {
      const seen = readFileSync(path);
      expect(seen.length).toBe(size);
      expect(seen.equals(Buffer.alloc(size, seen[0]))).toBe(true);
      await new Promise(setImmediate);
    }
    await writer;
  });

  it("survives many writers at once", async () => {
    const inside = join(folder, "many");
    mkdirSync(inside);
    const path = join(inside, "x.txt");
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => writeFileAtomically(path, `${index}`.repeat(1000))),
    );
    expect(readFileSync(path, "utf8")).toMatch(/^(\d+?)\1{999}$/);
    expect(readdirSync(inside)).toEqual(["x.txt"]);
  });

  it.each([
    ["a missing folder", join("absent", "x.txt"), "its folder does not exist"],
    ["a file in place of a folder", join("file.txt", "x.txt"), "a part of its path is a file"],
    ["a folder under the name", "taken", "a folder stands under that name"],
    ["a name too long", "n".repeat(300), "the name is too long"],
    ["links in a circle", "circle", "links run in a circle"],
  ])("refuses %s with one sentence", async (_what, name, reason) => {
    const inside = join(folder, `refused-${name.slice(0, 8).replaceAll("/", "-")}`);
    mkdirSync(inside);
    writeFileSync(join(inside, "file.txt"), "kept");
    mkdirSync(join(inside, "taken"));
    symlinkSync("circle", join(inside, "circle"));
    const before = readdirSync(inside);
    const error = await failureOf(() => writeFileAtomically(join(inside, name), "data"));
    expect(error).toMatchObject({ code: "file" });
    expect(error.message).toContain(reason);
    expect(error.message).toContain(inside);
    expect(error.message).toMatch(/^[^\n]+; [^\n]+\.$/);
    expect(readdirSync(inside)).toEqual(before);
  });

  it.skipIf(process.platform !== "linux")("refuses a folder of the system that takes no files", async () => {
    expect((await failureOf(() => writeFileAtomically("/proc/rfm.txt", "x"))).message).toMatch(
      /^\/proc\/rfm\.txt cannot be written: .+; .+\.$/,
    );
  });

  const disk = mountSmallDisk(join(folder, "small"));
  it.skipIf(disk === undefined)("keeps the old file and removes the part when the disk is full", async () => {
    const path = join(disk ?? "", "latent.json");
    await writeFileAtomically(path, "old");
    const error = await failureOf(() => writeFileAtomically(path, new Uint8Array(4 << 20)));
    expect(error.message).toBe(
      `${path} cannot be written: no space is left on the disk; free some space and try again.`,
    );
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(disk ?? "")).toEqual(["latent.json"]);
  });

  it.skipIf(disk === undefined)("says that a disk is read-only", async () => {
    execFileSync("mount", ["-o", "remount,ro", disk ?? ""]);
    const path = join(disk ?? "", "more.json");
    expect((await failureOf(() => writeFileAtomically(path, "x"))).message).toBe(
      `${path} cannot be written: the disk is read-only; choose another place.`,
    );
  });

  it.skipIf(process.getuid?.() === 0)("says that a folder's permissions forbid it", async () => {
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o500 });
    const path = join(closed, "x.json");
    expect((await failureOf(() => writeFileAtomically(path, "x"))).message).toContain("permission is denied");
  });
});

/** A disk of one megabyte, where this user may mount one; unmounted at the end. */
function mountSmallDisk(path: string): string | undefined {
  mkdirSync(path);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", path], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  afterAll(() => {
    execFileSync("umount", [path]);
  });
  return path;
}
