import { throwIfCancelled } from "../files";
import { openFaceNetPack, type FaceNetPack } from "../models";
import { FACE_NETS, FACE_SIZE, RECOGNISER_SIZE, type FaceNetName } from "../networks";
import { readModel, writeModel, type Graph } from "../onnx";
import type { Runtime, Session } from "../runtime";
import type { Alignment } from "./align";
import { FACE_ATTRIBUTES, scoreEvidence } from "./attributes";
import { describeOutputs, type FaceDescription } from "./describe";
import { detectFaces, type DetectOptions, type Face } from "./detect";
import { framedSquare, type Framing } from "./framing";
import { FACE_NET_ALIGNMENT } from "./landmarks";
import type { Picture } from "./picture";
import { Pyramid } from "./pyramid";
import type { Point } from "./quad";
import { identityGraph, scorerGraph, scoreSourcesGraph, type ScorerNets } from "./scorer";
import { sampleSquare } from "./square";

/** Opens the face nets' pack. @throws RfmError("file" | "model") where it is missing or broken. */
export async function openFaceNets(folder: string, runtime: Runtime): Promise<FaceNets> {
  return new FaceNets(await openFaceNetPack(folder), runtime);
}

/**
 * Everything that is asked of a photo's faces. Nets are loaded when they are first needed; results are the caller's to
 * keep.
 */
export class FaceNets {
  readonly #pack: FaceNetPack;
  readonly #runtime: Runtime;
  readonly #graphs = new Map<FaceNetName, Promise<Graph>>();
  readonly #sessions = new Map<string, Promise<Session>>();

  constructor(pack: FaceNetPack, runtime: Runtime) {
    this.#pack = pack;
    this.#runtime = runtime;
  }

  /** Names the nets, so that scores and embeddings can say whose they are. */
  get sha256(): string {
    return this.#pack.sha256;
  }

  /**
   * All faces of a picture, the largest first.
   * @throws CancelledError
   */
  async detect(picture: Picture, options: DetectOptions = {}, signal?: AbortSignal): Promise<Face[]> {
    throwIfCancelled(signal);
    const nets = { detector: await this.#net("detector"), landmarks: await this.#net("landmarks") };
    return await detectFaces(nets, picture, options, signal);
  }

  /**
   * Age, gender and expression of the face in a picture.
   * @param framing where the face is: its landmarks, or the alignment of a crop (default: a crop as the nets like it)
   */
  async describe(
    picture: Picture,
    framing: Framing = FACE_NET_ALIGNMENT,
    signal?: AbortSignal,
  ): Promise<FaceDescription> {
    const x = sampleSquare(new Pyramid(picture), framedSquare(picture, framing), FACE_SIZE);
    const ageGender = await this.#net("ageGender");
    const expressions = await this.#net("expressions");
    const { age = EMPTY, gender = EMPTY } = await ageGender.run({ x }, signal);
    const { logits = EMPTY } = await expressions.run({ x }, signal);
    return describeOutputs(age[0] ?? NaN, gender, logits);
  }

  /**
   * The 128 numbers by which faces are recognised; compare them with identityDistance.
   * @param framing where the face is: its landmarks, or the alignment of a crop (default: a crop as the nets like it).
   * Only faces that are framed alike should be compared.
   */
  async embed(
    picture: Picture,
    framing: Framing = FACE_NET_ALIGNMENT,
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    const x = sampleSquare(new Pyramid(picture), framedSquare(picture, framing), RECOGNISER_SIZE);
    const recogniser = await this.#net("recogniser");
    const { embedding = EMPTY } = await recogniser.run({ x }, signal);
    return embedding.slice();
  }

  /**
   * Embeddings [n, 128] of aligned crops.
   * @param x [n, 3, size, size] in [-1, 1]
   * @param alignment with which the crops are framed
   */
  async embedCrops(
    x: Float32Array,
    n: number,
    alignment: Alignment,
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    const size = sideOf(x, n);
    const session = await this.#composed(`identity ${size} ${JSON.stringify(alignment)}`, n, async () =>
      identityGraph(await this.graph("recogniser"), size, alignment),
    );
    const { embedding = EMPTY } = await session.run({ x }, signal);
    return embedding.slice();
  }

  /**
   * Scores [n, A] of aligned crops, in the order of FACE_ATTRIBUTES; sessions are kept by n, so use few values of n.
   * @param x [n, 3, size, size]; values outside of [-1, 1] are clipped, as they would be in a picture
   * @param alignment with which the crops are framed
   */
  async scoreFaces(
    x: Float32Array,
    n: number,
    alignment: Alignment,
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    const size = sideOf(x, n);
    const session = await this.#composed(`scorer ${size} ${JSON.stringify(alignment)}`, n, async () =>
      this.scorerGraph(size, alignment),
    );
    const clipped = x.map((value) => Math.min(1, Math.max(-1, value)));
    const {
      age = EMPTY,
      gender = EMPTY,
      expressions = EMPTY,
      landmarks = EMPTY,
    } = await session.run({ x: clipped }, signal);
    const scores = new Float32Array(n * FACE_ATTRIBUTES.length);
    const pixels = 3 * size * size;
    for (let face = 0; face < n; face++) {
      const places = Array.from({ length: 68 }, (_, index): Point => {
        const at = (face * 68 + index) * 2;
        return [landmarks[at] ?? NaN, landmarks[at + 1] ?? NaN];
      });
      const row = scoreEvidence({
        age: age[face] ?? NaN,
        gender: gender.subarray(face * 2, face * 2 + 2),
        expressions: expressions.subarray(face * 7, face * 7 + 7),
        landmarks: places,
        pixels: clipped.subarray(face * pixels, (face + 1) * pixels),
        size,
      });
      scores.set(row, face * FACE_ATTRIBUTES.length);
    }
    return scores;
  }

  /** Age, gender, expressions and landmarks of crops as one graph that can be differentiated; see scorerGraph. */
  async scorerGraph(size: number, alignment: Alignment): Promise<Graph> {
    return scorerGraph(await this.#scorerNets(), size, alignment);
  }

  /** Everything that scores are made from, of a generator's raw pictures; see scoreSourcesGraph. */
  async scoreSourcesGraph(size: number, alignment: Alignment): Promise<Graph> {
    return scoreSourcesGraph(await this.#scorerNets(), size, alignment);
  }

  /** The recogniser on crops as a graph that can be differentiated; see identityGraph. */
  async identityGraph(size: number, alignment: Alignment): Promise<Graph> {
    return identityGraph(await this.graph("recogniser"), size, alignment);
  }

  /** A net as a graph of batch 1, to be built into others. */
  graph(name: FaceNetName): Promise<Graph> {
    return remembered(this.#graphs, name, async () => readModel(await this.#pack.read(name)));
  }

  /** Frees the nets; what is running is waited for. */
  async dispose(): Promise<void> {
    const sessions = await Promise.allSettled(this.#sessions.values());
    this.#sessions.clear();
    this.#graphs.clear();
    for (const session of sessions) {
      if (session.status === "fulfilled") await session.value.release();
    }
  }

  async #scorerNets(): Promise<ScorerNets> {
    const [landmarks, ageGender, expressions] = await Promise.all([
      this.graph("landmarks"),
      this.graph("ageGender"),
      this.graph("expressions"),
    ]);
    return { landmarks, ageGender, expressions };
  }

  #net(name: (typeof FACE_NETS)[number]): Promise<Session> {
    return remembered(this.#sessions, name, async () =>
      this.#runtime.compile(await this.#pack.read(name), { name: `face net ${name}`, symbols: { N: 1 } }),
    );
  }

  #composed(key: string, n: number, build: () => Promise<Graph>): Promise<Session> {
    return remembered(this.#sessions, `${key} ${n}`, async () =>
      this.#runtime.compile(writeModel(await build(), { batch: "N" }), { name: key, symbols: { N: n } }),
    );
  }
}

const EMPTY = new Float32Array();

/** Side of n square pictures in one array. */
function sideOf(x: Float32Array, n: number): number {
  const size = Math.round(Math.sqrt(x.length / 3 / n));
  if (n < 1 || size * size * 3 * n !== x.length) {
    throw new RangeError(`${x.length} numbers are not ${n} square pictures.`);
  }
  return size;
}

/** The promised value under a key; a failure is forgotten, so that the next one who asks tries again. */
function remembered<K, V>(store: Map<K, Promise<V>>, key: K, make: () => Promise<V>): Promise<V> {
  const known = store.get(key);
  if (known !== undefined) return known;
  const made = make();
  store.set(key, made);
  made.catch(() => {
    if (store.get(key) === made) store.delete(key);
  });
  return made;
}
