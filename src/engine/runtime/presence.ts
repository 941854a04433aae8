import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createRequire } from "node:module";
import type { Library } from "./library";
import { AUTO_ORDER, type ProviderName } from "./types";

/**
 * Why a provider cannot work here, found without asking it: asking for what is absent makes native libraries
 * print to the terminal.
 *
 * @returns one sentence with the way out, or `undefined` where it is worth a try.
 */
export function absence(library: Library, provider: ProviderName): string | undefined {
  const backends = library.listSupportedBackends();
  if (!backends.some(({ name }) => name === provider)) {
    const names = AUTO_ORDER.filter((known) =>
      backends.some(({ name, bundled }) => bundled && name === known),
    );
    return `ONNX Runtime has no ${provider} for ${process.platform}-${process.arch}; choose one of ${names.join(", ")}.`;
  }
  if (provider === "cuda") return absentCuda();
  if (provider === "webgpu" && process.platform === "linux") return absentVulkan();
  return undefined;
}

/** CUDA is in none of the npm packages: its library must have been put beside the others by hand. */
function absentCuda(): string | undefined {
  const file =
    process.platform === "win32" ? "onnxruntime_providers_cuda.dll" : "libonnxruntime_providers_cuda.so";
  const folder = nativeFolder();
  if (folder === undefined || existsSync(join(folder, file))) return undefined;
  return `The CUDA library of ONNX Runtime is missing; put ${file} of the same version into ${folder}.`;
}

function nativeFolder(): string | undefined {
  try {
    const main = createRequire(__filename).resolve("onnxruntime-node");
    return join(dirname(dirname(main)), "bin", "napi-v6", process.platform, process.arch);
  } catch {
    // Laid out differently; then only asking tells.
    return undefined;
  }
}

/** WebGPU stands on Vulkan under Linux; the loader's search path is the one of the Vulkan specification. */
function absentVulkan(): string | undefined {
  const named = process.env["VK_DRIVER_FILES"] ?? process.env["VK_ICD_FILENAMES"];
  const found =
    named === undefined
      ? vulkanFolders().some((folder) => listFolder(folder).some((file) => file.endsWith(".json")))
      : named.split(delimiter).some((file) => existsSync(file));
  return found
    ? undefined
    : "There is no Vulkan driver for WebGPU; install the graphics driver of this machine (mesa-vulkan-drivers or the maker's own).";
}

function vulkanFolders(): string[] {
  const { XDG_CONFIG_DIRS, XDG_DATA_DIRS, XDG_CONFIG_HOME, XDG_DATA_HOME } = process.env;
  const bases = [
    XDG_CONFIG_HOME ?? join(homedir(), ".config"),
    ...(XDG_CONFIG_DIRS ?? "/etc/xdg").split(delimiter),
    "/etc",
    XDG_DATA_HOME ?? join(homedir(), ".local/share"),
    ...(XDG_DATA_DIRS ?? "/usr/local/share:/usr/share").split(delimiter),
    "/usr/local/share",
    "/usr/share",
  ];
  return bases.map((base) => join(base, "vulkan", "icd.d"));
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
