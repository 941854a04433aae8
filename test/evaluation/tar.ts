import { open } from "node:fs/promises";

const BLOCK = 512;

/** Reads chosen files out of an uncompressed tar archive, going from header to header. */
export async function readFromTar(path: string, wanted: ReadonlySet<string>): Promise<Map<string, Buffer>> {
  const handle = await open(path, "r");
  const found = new Map<string, Buffer>();
  try {
    const header = Buffer.alloc(BLOCK);
    for (let at = 0; found.size < wanted.size;) {
      const { bytesRead } = await handle.read(header, 0, BLOCK, at);
      if (bytesRead < BLOCK || header[0] === 0) break;
      const text = (start: number, length: number): string =>
        header.toString("latin1", start, start + length).replace(/[\0 ].*$/s, "");
      const [name, size] = [text(0, 100), parseInt(text(124, 12), 8)];
      if (wanted.has(name)) {
        const bytes = Buffer.alloc(size);
        await handle.read(bytes, 0, size, at + BLOCK);
        found.set(name, bytes);
      }
      at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    }
  } finally {
    await handle.close();
  }
  return found;
}
