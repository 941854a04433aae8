import { readNpy, toFloat32 } from "../checkpoints";
import { RfmError } from "../files";
import { styleWeights, type StyleWeight } from "../networks";
import { readModel, type Graph } from "../onnx";
import type { Runtime } from "../runtime";
import { BatchedGraph, largestBatch } from "./batches";
import { BATCH } from "./writePack";
import { isLarge } from "./large";
import type { CodeSpace, PackAlignment, PackFileRole, Psi } from "./manifest";
import { NoisePictures, repeated, type Noise } from "./noise";
import type { ModelPack } from "./openPack";
import { tunableGraph, type TunableGraph } from "./tunableGraph";
import { truncate, type Truncation } from "./truncation";

/** Options of {@link Model.synthesize}. */
export interface SynthesizeOptions {
  /** Default `stored`: the noise pictures of the checkpoint, where it has any. */
  readonly noise?: Noise;
  readonly signal?: AbortSignal;
}

/** Options of {@link Model.map}: truncation, where not given the pack's own. */
export interface MapOptions extends Partial<Truncation> {
  readonly signal?: AbortSignal;
}

const COLOURS = 3;

/** A face model at work: codes in, pictures out, on one runtime. Sessions are made when they are first needed. */
export class Model {
  readonly #average: Float32Array;
  readonly #noise: NoisePictures;
  readonly #mapping: BatchedGraph | undefined;
  readonly #synthesis: BatchedGraph;
  readonly #encoder: BatchedGraph | undefined;

  /** Use {@link openModel}. */
  constructor(
    readonly pack: ModelPack,
    readonly runtime: Runtime,
    average: Float32Array,
    noise: NoisePictures,
  ) {
    this.#average = average;
    this.#noise = noise;
    const graph = (role: PackFileRole, inputs: Record<string, number>, name: string, size: number): BatchedGraph =>
      new BatchedGraph(
        `the ${role} of ${this.name}`,
        runtime,
        () => pack.read(role),
        { inputs, output: { name, size } },
        this.largestBatch,
        { prepack: role !== "synthesis" || !this.isLarge },
      );
    const { zDimension, wDimension, codeSize, pictureSize } = this;
    this.#mapping = pack.has("mapping") ? graph("mapping", { z: zDimension }, "w", wDimension) : undefined;
    this.#synthesis = graph("synthesis", { w: codeSize, ...noise.sizes() }, "x", pictureSize);
    const given =
      this.#encoderOutput === "z"
        ? ({ name: "z", size: zDimension } as const)
        : ({ name: "w", size: codeSize } as const);
    this.#encoder = pack.has("encoder")
      ? graph("encoder", { x: pictureSize }, given.name, given.size)
      : undefined;
  }

  get name(): string {
    return this.pack.manifest.name;
  }

  /** Identity of the weights. */
  get sha256(): string {
    return this.pack.sha256;
  }

  /** Where its faces are inverted and edited. A model in z has codes of one row, and z and w are one. */
  get space(): CodeSpace {
    return this.pack.manifest.space;
  }

  /** Side of its pictures in pixels. */
  get resolution(): number {
    return this.pack.manifest.resolution;
  }

  /** Rows of w+. */
  get layers(): number {
    return this.pack.manifest.layers;
  }

  get zDimension(): number {
    return this.pack.manifest.zDimension;
  }

  get wDimension(): number {
    return this.pack.manifest.wDimension;
  }

  /** Default truncation. */
  get psi(): Psi {
    return this.pack.manifest.psi;
  }

  /** How faces are framed for it. */
  get alignment(): PackAlignment {
    return this.pack.manifest.alignment;
  }

  /** The mean w, [D] or one for each layer [L,D]: where truncation pulls to. */
  get average(): Float32Array {
    return this.#average.slice();
  }

  get hasEncoder(): boolean {
    return this.#encoder !== undefined;
  }

  /** Whether seeds can be drawn: z has a way to codes. */
  get hasMapping(): boolean {
    return this.space === "z" || this.#mapping !== undefined;
  }

  get #encoderOutput(): "z" | "w+" {
    return this.pack.manifest.encoderOutput ?? "z";
  }

  /** Whether noise changes its pictures. */
  get hasNoise(): boolean {
    return this.#noise.stored.size > 0;
  }

  /** Rows that its graphs compute at once. */
  get largestBatch(): number {
    return this.pack.manifest.largestBatch ?? largestBatch(this.resolution);
  }

  /** Whether its sessions take so much memory that one at a time must do. */
  get isLarge(): boolean {
    return isLarge(this.resolution);
  }

  /** Numbers of one w+. */
  get codeSize(): number {
    return this.layers * this.wDimension;
  }

  /** Numbers of one picture. */
  get pictureSize(): number {
    return COLOURS * this.resolution ** 2;
  }

  /**
   * z [n,Z] to truncated w+ [n,L,D].
   *
   * @throws RfmError("usage") where z does not fit, RfmError("model") where the pack has no mapping network.
   */
  async map(z: Float32Array, options: MapOptions = {}): Promise<Float32Array> {
    if (!this.hasMapping) {
      throw new RfmError(
        "model",
        `The model ${this.name} has no mapping network, so z has no way to w; work with latents in w+, or import the mapping network's file together with the synthesis.`,
      );
    }
    const n = this.#rows(z, this.zDimension, "z");
    if (this.space === "z" || this.#mapping === undefined) return z.slice();
    const w = await this.#mapping.run({ z }, n, options.signal);
    const psi = options.psi ?? this.psi.default;
    const cutoff = options.cutoff === undefined ? this.psi.cutoff : options.cutoff;
    return truncate(w, this.#average, { psi, cutoff }, this.layers, this.wDimension);
  }

  /**
   * w+ [n,L,D] to pictures [n,3,S,S], channel first, about [-1,1] and not clipped.
   *
   * @throws RfmError("usage") where w does not fit.
   */
  async synthesize(
    w: Float32Array,
    n = w.length / this.codeSize,
    { noise = "stored", signal }: SynthesizeOptions = {},
  ): Promise<Float32Array> {
    this.#expectRows(w, this.codeSize, n, "w+");
    const pictures = Object.entries(this.#noise.of(noise)).map(([name, row]) => [name, repeated(row, n)] as const);
    return await this.#synthesis.run({ w, ...Object.fromEntries(pictures) }, n, signal);
  }

  /**
   * Pictures [n,3,S,S] in [-1,1] to w+ [n,L,D], not truncated, by the pack's encoder.
   *
   * @throws RfmError("model") where the pack has none, RfmError("usage") where x does not fit.
   */
  async encode(
    x: Float32Array,
    n = x.length / this.pictureSize,
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    if (this.#encoder === undefined) {
      throw new RfmError("model", `The model ${this.name} has no encoder; fit one or use a model that has one.`);
    }
    this.#expectRows(x, this.pictureSize, n, "pictures");
    const code = await this.#encoder.run({ x }, n, signal);
    if (this.#encoderOutput === "w+") return code;
    return await this.map(code, { psi: 1, cutoff: null, ...(signal && { signal }) });
  }

  /**
   * The synthesis graph w [batch,L,D] -> x [batch,3,S,S] for building losses on, its noise bound to constants.
   *
   * @throws RfmError("graph") where an imported ONNX file has operators that are not known here, "model" where it takes no batch.
   */
  async synthesisGraph(batch = 1, noise: Noise = "stored"): Promise<Graph> {
    if (batch > 1 && this.pack.manifest.largestBatch === 1) {
      throw new RfmError(
        "model",
        `The model ${this.name} was exported for one picture at a time; export it with a batch axis of any size.`,
      );
    }
    return this.#withNoise(readModel(await this.pack.read("synthesis"), { [BATCH]: batch }), batch, noise);
  }

  /** The same for batch 1, its weights float32 constants that can be changed. */
  async tunableSynthesis(): Promise<TunableGraph> {
    const { graph, weights } = tunableGraph(readModel(await this.pack.read("synthesis"), { [BATCH]: 1 }));
    return { graph: this.#withNoise(graph, 1, "stored"), weights };
  }

  /**
   * What each row of w+ is multiplied with to make a layer's style, {@link styleWeights} of its synthesis.
   *
   * @throws RfmError("model") where no layer takes its style from w.
   */
  async styleWeights(): Promise<StyleWeight[]> {
    return styleWeights(readModel(await this.pack.read("synthesis"), { [BATCH]: 1 }));
  }

  /** Frees what draws pictures, about a gigabyte of a large model, until the next picture is asked for. */
  async rest(): Promise<void> {
    await this.#synthesis.dispose();
  }

  /** Frees the sessions; the runtime stays. */
  async dispose(): Promise<void> {
    await Promise.all([this.#mapping?.dispose(), this.#synthesis.dispose(), this.#encoder?.dispose()]);
  }

  /** Binds the noise pictures to constants of the inputs' names. */
  #withNoise(graph: Graph, batch: number, noise: Noise): Graph {
    const inputs = new Map(graph.inputs);
    const initializers = new Map(graph.initializers);
    for (const [name, row] of Object.entries(this.#noise.of(noise))) {
      const side = Math.sqrt(row.length);
      inputs.delete(name);
      initializers.set(name, { type: "float32", shape: [batch, 1, side, side], data: repeated(row, batch) });
    }
    if (!graph.outputs.includes("x"))
      throw new RfmError("model", `The synthesis of ${this.name} draws no picture; get the model pack again.`);
    return { ...graph, inputs, initializers };
  }

  #rows(data: Float32Array, width: number, what: string): number {
    const n = data.length / width;
    this.#expectRows(data, width, n, what);
    return n;
  }

  #expectRows(data: Float32Array, width: number, n: number, what: string): void {
    if (Number.isInteger(n) && n >= 0 && data.length === n * width) return;
    throw new RfmError(
      "usage",
      `${data.length} numbers are no ${what} of the model ${this.name}, which takes ${width} each; use arrays of this model.`,
    );
  }
}

/** Makes a pack work on a runtime. @throws RfmError("model") where its files are not what they should be. */
export async function openModel(pack: ModelPack, runtime: Runtime): Promise<Model> {
  const { layers, wDimension, files } = pack.manifest;
  const average = toFloat32(await readNpy(await pack.read("average"), files.average.path));
  if (average.length !== wDimension && average.length !== layers * wDimension) {
    throw new RfmError(
      "model",
      `${files.average.path} in ${pack.folder} holds ${average.length} numbers where w has ${wDimension}; get the model pack again.`,
    );
  }
  const noise =
    files.noise === undefined
      ? new NoisePictures(new Map())
      : await NoisePictures.parse(await pack.read("noise"), files.noise.path);
  return new Model(pack, runtime, average, noise);
}
