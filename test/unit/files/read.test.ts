import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CancelledError, readFileBounded, sha256, sha256OfFile } from "../../../src/engine/files";
import { failureOf, temporaryFolder } from "../../support/folder";

const folder = temporaryFolder();
const path = join(folder, "abc.txt");
writeFileSync(path, "abc");
const HASH_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

describe("readFileBounded", () => {
  it("reads up to the bound and refuses one byte more", async () => {
    expect((await readFileBounded(path, 3)).toString()).toBe("abc");
    expect((await failureOf(() => readFileBounded(path, 2))).message).toBe(
      `${path} is larger than the 2 bytes allowed here; name the right file.`,
    );
  });

  it("follows symbolic links", async () => {
    symlinkSync("abc.txt", join(folder, "link"));
    expect((await readFileBounded(join(folder, "link"), 10)).toString()).toBe("abc");
  });

  it("says what is wrong with missing files and folders", async () => {
    const missing = join(folder, "missing");
    expect((await failureOf(() => readFileBounded(missing, 10))).message).toBe(
      `${missing} cannot be read: it does not exist; check the path.`,
    );
    const inside = join(folder, "inside");
    mkdirSync(inside);
    expect((await failureOf(() => readFileBounded(inside, 10))).message).toBe(
      `${inside} cannot be read: it is a folder; name a file inside it.`,
    );
  });

  it.skipIf(process.platform !== "linux")("reads no device, which would never end", async () => {
    expect((await failureOf(() => readFileBounded("/dev/zero", 10))).message).toContain("no regular file");
  });

  it("does not take a sparse giant into memory", async () => {
    const giant = join(folder, "giant");
    const { open } = await import("node:fs/promises");
    const handle = await open(giant, "w");
    await handle.truncate(2 ** 40);
    await handle.close();
    expect((await failureOf(() => readFileBounded(giant, 64 << 20))).message).toContain(
      "larger than the 64 MB",
    );
  });
});

describe("sha256", () => {
  it("agrees with the published test vector, from memory and from a file", async () => {
    expect(sha256("abc")).toBe(HASH_OF_ABC);
    expect(sha256(Uint8Array.of(97, 98, 99))).toBe(HASH_OF_ABC);
    expect(await sha256OfFile(path)).toBe(HASH_OF_ABC);
  });

  it("hashes a file of several pieces as a whole", async () => {
    const bytes = new Uint8Array(3_000_001).map((_, index) => index * 31);
    writeFileSync(join(folder, "large"), bytes);
    expect(await sha256OfFile(join(folder, "large"))).toBe(sha256(bytes));
  });

  it("stops when cancelled and names a missing file", async () => {
    expect(await failureOf(() => sha256OfFile(path, AbortSignal.abort()))).toBeInstanceOf(CancelledError);
    expect((await failureOf(() => sha256OfFile(join(folder, "none")))).message).toContain("does not exist");
  });

  it("opens no pipe and no device, whose end may never come", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    for (const path of ["/dev/zero", pipe]) {
      expect((await failureOf(() => sha256OfFile(path))).message).toContain(`${path} is no regular file`);
      expect((await failureOf(() => readFileBounded(path, 9))).message).toContain(
        `${path} is no regular file`,
      );
    }
    expect((await failureOf(() => sha256OfFile(folder))).message).toContain("folder");
  });
});
