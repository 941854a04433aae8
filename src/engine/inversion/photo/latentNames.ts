import { access } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { documentSuffix } from "../../files";

/** More copies than this of one photo's latents are a mistake. */
const MAXIMUM_COPIES = 1000;

/** What names of latents are for. */
export interface NamedFaces {
  /** Path of the photo. */
  readonly photo: string;
  /** Where the latents go. */
  readonly folder: string;
  /** How many faces the photo shows. */
  readonly count: number;
  /** Those that need a name, from 0. */
  readonly faces: readonly number[];
}

/** How names that are taken are treated. */
export interface NameOptions {
  /** Names that are taken may be taken again. Default false. */
  readonly overwrite?: boolean | undefined;
  /** Names that nobody may take again, however: the newly given ones are added. */
  readonly given?: Set<string> | undefined;
  /** Whether what is at a path may be replaced by the latent of a face, since it is the same one begun. */
  readonly replaces?: ((path: string, face: number) => Promise<boolean>) | undefined;
}

/**
 * Where the latents of a photo's faces go: `NAME.latent.json`, or `NAME-1`, `NAME-2`, ... for several faces. Names that are
 * taken are avoided as file managers do: `NAME (2)`.
 */
export class LatentNames {
  #copy: number | undefined;

  constructor(
    readonly faces: NamedFaces,
    readonly options: NameOptions = {},
  ) {}

  /**
   * The path for a face, of the same copy for all of them. Ask when it is written: what another run has written by then is
   * not overwritten.
   */
  async pathOf(face: number): Promise<string> {
    let copy = (this.#copy ??= await this.#first(this.faces.faces));
    if (!(await this.#isFree(copy, face))) copy = await this.#first([face]);
    const path = this.#path(copy, face);
    this.options.given?.add(path);
    return path;
  }

  /** The first copy of which all of these faces are free. */
  async #first(faces: readonly number[]): Promise<number> {
    for (let copy = 1; copy < MAXIMUM_COPIES; copy++) {
      const free = await Promise.all(faces.map((face) => this.#isFree(copy, face)));
      if (!free.includes(false)) return copy;
    }
    return MAXIMUM_COPIES;
  }

  async #isFree(copy: number, face: number): Promise<boolean> {
    const { overwrite, given, replaces } = this.options;
    const path = this.#path(copy, face);
    if (given?.has(path) === true) return false;
    return overwrite === true || !(await exists(path)) || (await replaces?.(path, face)) === true;
  }

  #path(copy: number, face: number): string {
    const { photo, folder, count } = this.faces;
    const name = basename(photo, extname(photo));
    const base = copy === 1 ? name : `${name} (${copy})`;
    return join(folder, `${base}${count > 1 ? `-${face + 1}` : ""}${documentSuffix("latent")}`);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
