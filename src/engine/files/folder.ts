import { mkdir } from "node:fs/promises";
import { fileFailure } from "./failures";

/** Makes a folder with its parents, where it is not there yet. @throws RfmError("file") */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw fileFailure(path, "write", error);
  }
}
