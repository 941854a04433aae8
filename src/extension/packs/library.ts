import * as vscode from "vscode";
import { ImportRequests, type BrokenPack, type PackEntry } from "../../protocol/imports";
import type { Disposing } from "../disposing";
import type { Engine } from "../engine/engine";
import type { ModelPacks, PackPlace } from "../engine/models";
import { Library } from "../tree/library";

/** A pack that is known, or a folder that looks like one. */
export interface KnownPack {
  readonly folder: string;
  readonly place: PackPlace;
  /** It inverts photos. */
  readonly active: boolean;
  readonly entry: PackEntry | BrokenPack;
}

/** A pack that draws faces. */
export type GeneratorEntry = PackEntry & { readonly generator: NonNullable<PackEntry["generator"]> };

/** What packs there are, and what they say of themselves. */
export class PackLibrary extends Library<readonly KnownPack[]> {
  readonly #engine: Engine;
  readonly #packs: ModelPacks;

  constructor(engine: Engine, packs: ModelPacks) {
    super();
    this.#engine = engine;
    this.#packs = packs;
  }

  /** The packs that draw faces, the active one first. */
  async generators(): Promise<GeneratorEntry[]> {
    const packs = [...(await this.content())].sort((a, b) => Number(b.active) - Number(a.active));
    return packs.map(({ entry }) => entry).filter(isGenerator);
  }

  /** One pack as it is now. @throws Error with the sentence that tells what is wrong with it */
  async entry(folder: string): Promise<PackEntry> {
    const [entry] = await this.#engine.ask(ImportRequests.listPacks, { folders: [folder] });
    if (entry === undefined) throw new Error(folder);
    if ("message" in entry) throw new Error(entry.message);
    return entry;
  }

  protected async read(): Promise<readonly KnownPack[]> {
    const packs = await this.#packs.all();
    const chosen = this.#packs.chosen();
    const folders = packs.map(({ path }) => path);
    const entries = await this.#engine.ask(ImportRequests.listPacks, { folders });
    return packs.flatMap(({ path, place }, index) => {
      const entry = entries[index];
      return entry === undefined ? [] : [{ folder: path, place, active: path === chosen, entry }];
    });
  }

  protected watch(): readonly Disposing[] {
    const watcher = vscode.workspace.createFileSystemWatcher("**/model.json");
    const again = (): void => {
      this.refresh();
    };
    return [
      watcher,
      watcher.onDidCreate(again),
      watcher.onDidChange(again),
      watcher.onDidDelete(again),
      this.#packs.onDidChange(again),
      vscode.workspace.onDidChangeWorkspaceFolders(again),
    ];
  }
}

/** Whether a pack draws faces: only such a one can be the active model. */
export function isGenerator(entry: PackEntry | BrokenPack): entry is GeneratorEntry {
  return "generator" in entry;
}
