import type * as OnnxRuntime from "onnxruntime-node";
import { RfmError } from "../files";

export type Library = typeof OnnxRuntime;

let loading: Promise<Library> | undefined;

/**
 * ONNX Runtime, loaded at the first call (it is a native library of tens of megabytes).
 *
 * @throws RfmError("provider") where there is no library for this system.
 */
export function loadLibrary(): Promise<Library> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Library> {
  try {
    const library = await import("onnxruntime-node");
    // What goes wrong is thrown as well; the library's own copy on stderr only disturbs the terminal.
    library.env.logLevel = "fatal";
    return library;
  } catch (cause) {
    loading = undefined;
    throw new RfmError(
      "provider",
      `ONNX Runtime cannot be loaded on ${process.platform}-${process.arch}; install the package for this system (Windows and Linux on x64 or arm64, macOS on arm64).`,
      { cause },
    );
  }
}

/** Version of the native library, such as "1.30.0"; loads it. */
export async function libraryVersion(): Promise<string> {
  const { node, common } = (await loadLibrary()).env.versions;
  return node ?? common;
}

/** The first line of what ONNX Runtime throws, without source positions. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split("\n", 1)[0] ?? "";
  return line.replace(/^\/\S+:\d+ .*? was false\. /, "").replace(/[.\s]+$/, "");
}
