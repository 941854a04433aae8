import { valueAt, type OpenedCheckpoint, type PickleValue } from "../checkpoints";
import { RfmError } from "../files";
import { formatShape, type Tensor } from "../onnx";
import { numbersOf } from "./arrays";
import { weightFrom } from "./fromStored";

/** The tensors of a file by the names that a published layout gives them, whatever they are kept under there. */
export class LayoutTensors {
  /**
   * @param prefix what every name of the layout begins with in this file, its dot included: "g_ema."
   */
  constructor(
    readonly file: OpenedCheckpoint,
    readonly prefix: string,
  ) {}

  has(name: string): boolean {
    return this.file.tensors.has(this.prefix + name);
  }

  /** All names, without the prefix. */
  names(): string[] {
    return [...this.file.tensors.keys()]
      .filter((name) => name.startsWith(this.prefix))
      .map((name) => name.slice(this.prefix.length));
  }

  /** How many names there are in a row: `count((i) => ...)` is the first number that is missing. */
  count(name: (index: number) => string, first = 0): number {
    let index = first;
    while (this.has(name(index))) index++;
    return index;
  }

  /** What lies beside the tensors: settings of the network, undefined where there are none. */
  setting(way: string): PickleValue | undefined {
    return valueAt(this.file.root, this.prefix + way);
  }

  /** A number among the settings, whether Python's or NumPy's; undefined where there is none. */
  async number(way: string): Promise<number | undefined> {
    const plain = this.setting(way);
    if (typeof plain === "number") return plain;
    return this.has(way) ? numbersOf(await this.read(way))[0] : undefined;
  }

  /**
   * Reads a tensor.
   *
   * @param axes how many it must have.
   * @throws RfmError("model") where it is missing or has other axes, RfmError("checkpoint") where it cannot be read.
   */
  async read(name: string, axes?: number): Promise<Tensor> {
    const entry = this.file.tensors.get(this.prefix + name);
    if (entry === undefined)
      throw this.refusal(`has no tensor ${this.prefix}${name}`, "use a whole checkpoint");
    if (axes !== undefined && entry.shape.length !== axes) {
      throw this.refusal(
        `holds ${this.prefix}${name} in the shape ${formatShape(entry.shape)} where ${axes} axes are wanted`,
        "check the checkpoint",
      );
    }
    return weightFrom(await entry.read());
  }

  /** The one sentence for a network that cannot be built. */
  refusal(what: string, remedy: string): RfmError {
    return new RfmError("model", `${this.file.name} ${what}; ${remedy}.`);
  }
}

/**
 * Looks for a layout by a name that only it has. Files of several networks (a trained one and its running average) have
 * the name several times: the preferred prefix wins, then the first one.
 */
export function findLayout(
  files: readonly OpenedCheckpoint[],
  marker: string,
  preferred: readonly string[] = [],
): LayoutTensors | undefined {
  const rank = ({ prefix }: LayoutTensors): number => {
    const index = preferred.indexOf(prefix);
    return index < 0 ? preferred.length : index;
  };
  return files
    .flatMap((file) =>
      [...file.tensors.keys()]
        .filter((name) => name === marker || name.endsWith(`.${marker}`))
        .map((name) => new LayoutTensors(file, name.slice(0, -marker.length))),
    )
    .sort((a, b) => rank(a) - rank(b))[0];
}

/** Adds the name of the file to the sentence of what reads its weights. */
export function aboutFile<T>({ name }: OpenedCheckpoint, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RfmError)) throw error;
    throw new RfmError(error.code, `${name}: ${error.message}`, { cause: error });
  }
}
