// Makes dist/rfm.vsix for one platform: node packaging/package.mjs [TARGET]
import { createVSIX } from "@vscode/vsce";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { copyNativePackages, ownTarget } from "./native.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = process.argv[2] ?? ownTarget();
const packagePath = join(root, "dist", "rfm.vsix");

await copyNativePackages(root, target);
await createVSIX({
  cwd: root,
  target,
  packagePath,
  dependencies: false,
  allowMissingRepository: true,
  // There is no repository address to send the README's links to; they stay as they are.
  rewriteRelativeLinks: false,
  skipLicense: true,
});
const { size } = await stat(packagePath);
console.log(`dist/rfm.vsix for ${target}: ${(size / 2 ** 20).toFixed(1)} MB`);
