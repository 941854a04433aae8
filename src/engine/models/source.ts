import { join } from "node:path";
import { readFileBounded } from "../files";
import { parseChecked } from "./checkSchema";
import type { PackAlignment, Psi } from "./manifest";

/** `source.json`: what a pack is built from, beside the weights. */
export interface ModelSource {
  readonly name: string;
  readonly title: string;
  readonly architecture: "stylegan2";
  /** Bare name of a .safetensors file. */
  readonly generator: string;
  readonly encoder?: { readonly kind: "linear"; readonly weights: string };
  readonly psi: Psi;
  readonly alignment: PackAlignment;
  readonly licence: string;
  readonly data: string;
}

/** Reads the `source.json` of a folder. @throws RfmError("model" or "file") */
export async function readSource(folder: string): Promise<ModelSource> {
  const path = join(folder, "source.json");
  const text = (await readFileBounded(path, 1 << 20)).toString("utf8");
  return parseChecked(text, "source", path) as ModelSource;
}
