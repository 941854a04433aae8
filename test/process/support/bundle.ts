import { build } from "esbuild";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..", "..");

/**
 * Bundles a program as `npm run build` does, for a test that starts it as a process of its own.
 *
 * @param entry path from the project's root.
 * @param name file name under dist/test; each test file takes its own, since test files run side by side.
 * @returns the bundle's absolute path.
 */
export async function bundle(entry: string, name: string): Promise<string> {
  const outfile = join(ROOT, "dist", "test", `${name}.js`);
  await build({
    entryPoints: [join(ROOT, entry)],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["onnxruntime-node", "sharp"],
    logLevel: "warning",
  });
  return outfile;
}
