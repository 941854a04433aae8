// Bundles every entry point into dist/. `--watch` keeps rebuilding, `--production` leaves source maps out.
import { build, context } from "esbuild";
import { existsSync } from "node:fs";

const watch = process.argv.includes("--watch");
const production = process.argv.includes("--production");

/** Native packages: never bundled, required at run time from node_modules. */
const NATIVE = ["onnxruntime-node", "sharp"];

const common = {
  bundle: true,
  minify: production,
  sourcemap: !production,
  logLevel: "warning",
  legalComments: "none",
};
const node = { ...common, platform: "node", format: "cjs", target: "node20" };
const browser = { ...common, platform: "browser", format: "iife", target: "es2022" };

const bundles = [
  {
    ...node,
    entryPoints: ["src/extension/extension.ts"],
    outfile: "dist/extension.js",
    external: ["vscode"],
  },
  { ...node, entryPoints: ["src/extension/process/main.ts"], outfile: "dist/engine.js", external: NATIVE },
  { ...node, entryPoints: ["src/cli/main.ts"], outfile: "dist/cli.js", external: NATIVE },
  { ...node, entryPoints: ["src/cli/buildModels.ts"], outfile: "dist/build-models.js", external: NATIVE },
  {
    ...node,
    entryPoints: ["src/cli/buildDirections.ts"],
    outfile: "dist/build-directions.js",
    external: NATIVE,
  },
  { ...node, entryPoints: ["src/cli/demo.ts"], outfile: "dist/demo.js", external: NATIVE },
  { ...node, entryPoints: ["bench/main.ts"], outfile: "dist/bench.js", external: NATIVE },
  {
    ...node,
    entryPoints: ["bench/inversionProcess.ts"],
    outfile: "dist/bench-inversion.js",
    external: NATIVE,
  },
  { ...node, entryPoints: ["bench/rfmProcess.ts"], outfile: "dist/bench-rfm.js", external: NATIVE },
  { ...node, entryPoints: ["test/evaluation/identity.ts"], outfile: "dist/evaluate.js", external: NATIVE },
  {
    ...node,
    entryPoints: ["test/evaluation/penalty.ts"],
    outfile: "dist/evaluate-penalty.js",
    external: NATIVE,
  },
  {
    ...node,
    entryPoints: ["test/evaluation/occluders.ts"],
    outfile: "dist/evaluate-occluders.js",
    external: NATIVE,
  },
  { ...browser, entryPoints: ["src/webview/studio/main.ts"], outfile: "dist/webview/studio.js" },
  { ...browser, entryPoints: ["src/webview/sliders/main.ts"], outfile: "dist/webview/sliders.js" },
  { ...browser, entryPoints: ["src/webview/discovery/main.ts"], outfile: "dist/webview/discovery.js" },
].filter(({ entryPoints }) => existsSync(entryPoints[0]));

if (watch) {
  for (const bundle of bundles) await (await context(bundle)).watch();
} else {
  await Promise.all(bundles.map((bundle) => build(bundle)));
}
