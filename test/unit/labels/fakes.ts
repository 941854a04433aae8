import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FaceSource, Scorer } from "../../../src/engine/labels";

export const RUN = { createdAt: "2026-01-01T00:00:00.000Z", version: "0.0.0" };

/** A model whose pictures are sums of z: enough to see rows in their places. */
export const model: FaceSource = {
  name: "fake",
  sha256: "a".repeat(64),
  resolution: 1,
  map: (z) => Promise.resolve(z),
  synthesize: (w, n) =>
    Promise.resolve(
      Float32Array.from({ length: n }, (_, i) => w.subarray(i * 512, i * 512 + 8).reduce((a, b) => a + b, 0)),
    ),
};

/** A scorer that reads those pictures. */
export function scorer(changes: Partial<Scorer> & { readonly failAfter?: number } = {}): Scorer & {
  readonly calls: () => number;
} {
  let calls = 0;
  const { failAfter = Infinity, ...others } = changes;
  return {
    name: "fake",
    sha256: "b".repeat(64),
    attributes: [{ name: "value" }, { name: "double" }],
    score: (pictures, n) => {
      if (calls >= failAfter) return Promise.reject(new Error("killed"));
      calls++;
      return Promise.resolve(
        Float32Array.from({ length: n * 2 }, (_, i) => (pictures[i >> 1] ?? 0) * ((i % 2) + 1)),
      );
    },
    ...others,
    calls: () => calls,
  };
}

/** Everything that a label set consists of, by name. */
export async function bytesOf(folder: string, name: string): Promise<Record<string, string>> {
  const files = (await readdir(join(folder, `${name}.labels`))).sort();
  const contents = await Promise.all(
    files.map((file) => readFile(join(folder, `${name}.labels`, file), "base64")),
  );
  return {
    ...Object.fromEntries(files.map((file, i) => [file, contents[i] ?? ""])),
    document: await readFile(join(folder, `${name}.labels.json`), "utf8"),
  };
}
