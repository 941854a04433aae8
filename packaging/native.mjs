// Copies the native packages for one platform beside the bundles, where their `require` finds them.
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** VS Code's target names -> Node's platform and architecture. */
const TARGETS = {
  "linux-x64": ["linux", "x64"],
  "linux-arm64": ["linux", "arm64"],
  "win32-x64": ["win32", "x64"],
  "win32-arm64": ["win32", "arm64"],
  "darwin-arm64": ["darwin", "arm64"],
};

/** The target of the machine this runs on. */
export function ownTarget() {
  return `${process.platform}-${process.arch}`;
}

/**
 * @param {string} root the project's folder
 * @param {string} target one of VS Code's platform names
 */
export async function copyNativePackages(root, target) {
  const wanted = TARGETS[target];
  if (!wanted) {
    throw new Error(
      `ONNX Runtime has no library for ${target}; package for one of ${Object.keys(TARGETS).join(", ")}.`,
    );
  }
  const [platform, arch] = wanted;
  const from = join(root, "node_modules");
  const to = join(root, "dist", "node_modules");
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });

  await copyPackage(from, to, "onnxruntime-common");
  await copyPackage(from, to, "onnxruntime-node", (path) => {
    const binary = /[\\/]bin[\\/]napi-v\d+[\\/]([^\\/]+)(?:[\\/]([^\\/]+))?/.exec(path);
    return !binary || (binary[1] === platform && (binary[2] === undefined || binary[2] === arch));
  });

  const image = `@img/sharp-${target}`;
  if (!existsSync(join(from, image))) {
    throw new Error(
      `${image} is not installed; run "npm install --os=${platform} --cpu=${arch} sharp" first.`,
    );
  }
  for (const name of await withDependencies(from, ["sharp", image])) await copyPackage(from, to, name);
}

async function copyPackage(from, to, name, filter = () => true) {
  await cp(join(from, name), join(to, name), {
    recursive: true,
    dereference: true,
    filter: (path) => !/\.(map|md|d\.ts|ts)$/.test(path) && filter(path),
  });
}

/** The packages and what they need at run time, platform packages of other machines left out. */
async function withDependencies(from, names) {
  const found = new Set();
  const queue = [...names];
  while (queue.length > 0) {
    const name = queue.pop();
    if (found.has(name) || !existsSync(join(from, name, "package.json"))) continue;
    found.add(name);
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
      await readFile(join(from, name, "package.json"), "utf8"),
    );
    queue.push(...Object.keys(dependencies));
    // The vips library of this very platform; sharp lists every platform's.
    if (name !== "sharp") queue.push(...Object.keys(optionalDependencies));
  }
  return found;
}
