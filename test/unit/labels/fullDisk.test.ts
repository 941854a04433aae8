import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { createLabelSet } from "../../../src/engine/labels";
import { temporaryFolder } from "../../support/folder";
import { bytesOf, model, RUN, scorer } from "./fakes";

/** How many bytes the disk still takes. */
const disk = vi.hoisted(() => ({ room: Infinity }));

/** A disk with little room: like a real one it takes what fits of a write, and refuses the next. */
vi.mock("node:fs/promises", async (importOriginal) => {
  const real = await importOriginal<typeof import("node:fs/promises")>();
  const full = (): Error => Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  const open: typeof real.open = async (...args) => {
    const handle = await real.open(...args);
    const write: (...args: [Buffer, number, number, number]) => Promise<unknown> = handle.write.bind(handle);
    const writeFile: (data: Buffer) => Promise<void> = handle.writeFile.bind(handle);
    const limited = async (
      bytes: Buffer,
      offset: number,
      length: number,
      position: number,
    ): Promise<unknown> => {
      if (disk.room === 0) throw full();
      const part = Math.min(length, disk.room);
      disk.room -= part;
      return write(bytes, offset, part, position);
    };
    const limitedFile = async (data: string | Uint8Array): Promise<void> => {
      const bytes = Buffer.from(data);
      const part = Math.min(bytes.length, disk.room);
      disk.room -= part;
      await writeFile(bytes.subarray(0, part));
      if (part < bytes.length) throw full();
    };
    return Object.assign(handle, { write: limited, writeFile: limitedFile });
  };
  return { ...real, open };
});

const folder = temporaryFolder();
const SEEDS = { start: 0, end: 4 * 64 + 12 };
const create = (name: string, resume = false): Promise<unknown> =>
  createLabelSet(join(folder, name), model, scorer(), SEEDS, { batch: 4, psi: 1, run: RUN, resume });

it("ends with a sentence on a full disk wherever it fills up, leaves no half of a file, and goes on later", async () => {
  disk.room = 1e9;
  await create("whole");
  const needed = 1e9 - disk.room;
  const whole = await bytesOf(folder, "whole");
  const rooms = Array.from({ length: 23 }, (_, i) => Math.floor((needed * (i + 0.37)) / 23));
  for (const [index, room] of [0, ...rooms].entries()) {
    const name = `full${index}`;
    disk.room = room;
    await expect(create(name), `with room for ${room} bytes`).rejects.toThrow(
      /no space is left on the disk; free some/,
    );
    disk.room = Infinity;
    const files = await readdir(folder, { recursive: true });
    expect(files.filter((file) => file.endsWith(".tmp") || file.endsWith(".lock"))).toEqual([]);
    for (const file of files.filter((path) => path.startsWith(`${name}.labels/`) && path.endsWith(".npy")))
      expect(whole).toHaveProperty([file.slice(name.length + 8)]);
    await create(name, true);
    expect(await bytesOf(folder, name)).toEqual(whole);
  }
});
