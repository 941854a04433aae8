import type { FaceNets } from "../../faces";
import { RfmError } from "../../files";
import { encoderGraph, type Model, type Perceptual } from "../../models";
import type { Graph } from "../../onnx";
import type { Session } from "../../runtime";
import {
  recognitionDistances,
  shrunkSize,
  viewOf,
  VIEWS,
  type LossCoefficients,
  type PerceptualGraphs,
  type ViewName,
} from "../losses";
import { loopOptions } from "../session/loopOptions";
import { HoistedSession } from "../session/hoistedSession";
import { trainableEncoder, type TrainableEncoder } from "./encoderWeights";
import { FEATURES, rfmGraph, WEIGHTS, type RfmGraphOptions } from "./graph";
import type { Optimised, RfmSettings } from "./options";

/** What RFM's inversion is built of. */
export interface RfmTools {
  readonly model: Model;
  readonly faceNets: FaceNets;
  /** LPIPS, where it is installed. */
  readonly perceptual: Perceptual | undefined;
}

/** LPIPS halves a picture four times. */
const SMALLEST_FOR_LPIPS = 16;
const TOO_SMALL = `Parts of less than ${SMALLEST_FOR_LPIPS} pixels are too small for LPIPS, which leaves them out.`;
const NO_LPIPS =
  "LPIPS is not installed: features of the face recognition net stand in for it; import LPIPS and give its pack for RFM's own loss.";

/** What goes with a photo. */
export interface FixedPhoto {
  readonly signal?: AbortSignal | undefined;
  /** What its pixels count [S,S], where the graph is weighted. */
  readonly weights?: Float32Array | undefined;
  /** What the encoder is shown of it, [3,S,S]; default: all. */
  readonly seen?: Float32Array | undefined;
}

/** The sessions of an inversion with certain settings, and what had to be replaced. */
export class RfmMachine {
  private constructor(
    readonly optimised: Optimised,
    /** Sentences: which parts of the method are missing, and what runs instead. */
    readonly notes: readonly string[],
    readonly encoder: TrainableEncoder | undefined,
    readonly session: HoistedSession,
    /** The photo to its code and features, where the code is optimised. */
    readonly photoEncoder: Session | undefined,
  ) {}

  /** @throws RfmError("model") where the encoder shall be optimised and the pack has none. */
  static async build(
    tools: RfmTools,
    settings: Pick<RfmSettings, "coefficients" | "optimize">,
    graphOptions: RfmGraphOptions = {},
  ): Promise<RfmMachine> {
    const { model } = tools;
    const { coefficients } = settings;
    const encoder = model.hasEncoder ? trainableEncoder(await encoderGraph(model)) : undefined;
    const optimised = settings.optimize ?? (encoder === undefined ? "latent" : "encoder");
    if (optimised === "encoder" && encoder === undefined) {
      throw new RfmError(
        "model",
        `The model ${model.name} has no encoder whose weights could be optimised; optimise the latent, or fit an encoder first.`,
      );
    }
    const { perceptual, notes } = await perceptualGraphs(tools, coefficients);
    const networks = { synthesis: await model.synthesisGraph(1), encoder, perceptual };
    const graph = rfmGraph(networks, optimised, coefficients, graphOptions);
    const fixed = ["target", FEATURES, WEIGHTS];
    const { prepack } = loopOptions(model);
    const session = await HoistedSession.compile(model.runtime, graph, fixed, "RFM's inversion", prepack);
    const hasFeatures = optimised === "latent" && encoder?.graph.outputs.includes(FEATURES) === true;
    const photoEncoder = hasFeatures
      ? await model.runtime.compile(encoder.graph, { name: "the encoder" }).catch(async (error: unknown) => {
          await session.release();
          throw error;
        })
      : undefined;
    return new RfmMachine(
      optimised,
      [...encoderNotes(model, encoder?.graph, optimised, settings), ...notes],
      encoder,
      session,
      photoEncoder,
    );
  }

  /** Takes the photo [3,S,S] for all runs to come. */
  async fixPhoto(x: Float32Array, { signal, weights, seen = x }: FixedPhoto = {}): Promise<void> {
    const encoded = await this.photoEncoder?.run({ x: seen }, signal);
    const features = encoded?.[FEATURES];
    const more = {
      ...(features && { [FEATURES]: features.slice() }),
      ...(weights && { [WEIGHTS]: weights }),
    };
    await this.session.fix({ target: x, ...more }, signal);
  }

  async release(): Promise<void> {
    await Promise.all([this.session.release(), this.photoEncoder?.release()]);
  }
}

function encoderNotes(
  model: Model,
  encoder: Graph | undefined,
  optimised: Optimised,
  settings: Pick<RfmSettings, "coefficients">,
): string[] {
  if (encoder === undefined) {
    return [
      `The model ${model.name} has no encoder: the latent itself is optimised, from the likest of some seeded faces, and nothing pulls it to what an encoder would say.`,
    ];
  }
  const notes: string[] = [];
  if (settings.coefficients.latent > 0 && !encoder.types.has("const")) {
    notes.push(
      `The encoder of ${model.name} stands in for RFM's encoder E; it gives no 4x4 features, so their loss is left out.`,
    );
  }
  if (optimised === "encoder" && model.layers > 1 && model.pack.manifest.encoderOutput !== "w+") {
    notes.push(
      `The encoder of ${model.name} gives one w for all layers, and training it reaches no other codes; optimise the latent to come nearer to the photo.`,
    );
  }
  return notes;
}

async function perceptualGraphs(
  { model, faceNets, perceptual }: RfmTools,
  coefficients: LossCoefficients,
): Promise<{ perceptual: PerceptualGraphs; notes: string[] }> {
  if (coefficients.perceptual === 0) return { perceptual: {}, notes: [] };
  const weights = { whole: 1, at1: coefficients.at1, at2: coefficients.at2 };
  const side = model.resolution;
  const sizes = new Map(
    VIEWS.filter((name) => weights[name] > 0).map((name) => [name, shrunkSize(viewOf(name, [side, side]))]),
  );
  if (perceptual === undefined) {
    const together = recognitionDistances(await faceNets.graph("recogniser"), sizes);
    return { perceptual: { together }, notes: [NO_LPIPS] };
  }
  const each: Partial<Record<ViewName, Graph>> = {};
  const notes = new Set<string>();
  for (const [name, size] of sizes) {
    if (Math.min(...size) >= SMALLEST_FOR_LPIPS) each[name] = await perceptual.graph(size);
    else notes.add(TOO_SMALL);
  }
  return { perceptual: { each }, notes: [...notes] };
}
