/** What holds memory until it is released. */
export interface Releasable {
  release(): Promise<void>;
}

/**
 * Sessions that are made when they are first needed and kept. Those of a large model take a gigabyte each, so that of them only
 * the one that was asked for last is kept; who uses them takes turns.
 */
export class Shelf {
  readonly #made = new Map<string, Promise<Releasable>>();

  /** @param single whether only the one that was asked for last is kept */
  constructor(readonly single: boolean) {}

  /**
   * The session of this name and variant; of a name only one variant is kept.
   *
   * @param make makes it; a failure may pass, so that the next one who asks tries again.
   */
  async get<Kept extends Releasable>(
    name: string,
    make: () => Promise<Kept>,
    variant: number | string = "",
  ): Promise<Kept> {
    const key = `${name} ${variant}`;
    // Under a key there is only what its maker made.
    const known = this.#made.get(key) as Promise<Kept> | undefined;
    if (known !== undefined) return known;
    const others = [...this.#made.keys()].filter((other) => this.single || other.startsWith(`${name} `));
    for (const other of others) await this.#release(other);
    const made = make();
    this.#made.set(key, made);
    made.catch(() => this.#made.delete(key));
    return made;
  }

  /** Releases everything. */
  async clear(): Promise<void> {
    for (const key of [...this.#made.keys()]) await this.#release(key);
  }

  async #release(key: string): Promise<void> {
    const [settled] = await Promise.allSettled([this.#made.get(key)]);
    this.#made.delete(key);
    if (settled.status === "fulfilled") await settled.value?.release();
  }
}
