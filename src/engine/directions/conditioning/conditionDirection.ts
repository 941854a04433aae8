import { RfmError, type DirectionDocument, type Edit, type LeakRecord, type RunBlock } from "../../files";
import type { Scorer } from "../../labels";
import type { Model } from "../../models";
import { checkDirectionMatches, type Direction } from "../direction";
import { flatVector, inCommonSpace, shapedVector } from "../editing/commonSpace";
import { keptFigures } from "../editing/keptFigures";
import { CodeSample } from "./codeSample";
import { projectOff } from "./condition";
import { conditionByGradients, gradientAlong } from "./gradientConditioning";
import { measureLeaks, RISE } from "./leaks";
import { ScoredFaces } from "./scoredFaces";
import { ScoreGradients } from "./scoreGradients";

/** How a direction is freed of others: off their vectors, or off the gradients of their scores. */
export type ConditioningMethod = "projection" | "gradient";

/** Seeds far from those that anyone labels or measures on. */
const PRACTICE_SEEDS = 3_000_000_000;
/** Faces on which gradients are taken; what they leave to chance, the corrections take out. */
const GRADIENT_FACES = 64;
/** Faces on which corrections are measured: half a deviation a face leaves 0.02 of one in the mean. */
const PRACTICE_FACES = 640;

export interface ConditionerOptions {
  /** Faces to measure leaks on; none are measured where missing. Needed for gradients. */
  readonly seeds?: readonly number[] | undefined;
  /** Of the scorer's scores, in which leaks are told; by default those over the measured faces. */
  readonly deviations?: readonly (number | undefined)[] | undefined;
  /** Other faces on which corrections are measured; default 640. */
  readonly practiceFaces?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ConditioningProgress) => void) | undefined;
}

export interface ConditioningProgress {
  readonly phase: "gradients" | "practise" | "measure";
  /** Faces. */
  readonly done: number;
  /** Faces as far as is known beforehand. */
  readonly total: number;
}

/** How many of the faces take part, where not all shall. */
export interface ConditioningEffort {
  readonly practice?: number;
  readonly measure?: number;
  /** Attributes whose scores are only held back, so that the direction keeps its strength (gradients only). */
  readonly softly?: readonly string[];
  /** With how much of the gradients' mean size those are held softly, from 0; default 0.8. */
  readonly softness?: number;
}

/**
 * With how much of the gradients' mean size scores are held softly. Measured on age and gender of the embedded model, each with
 * some twenty scores to hold: at 0 an edit of 2 sigma moves their own score by 0.5 and 1.0 deviations, at 0.4 by 1.2 and 1.4, at
 * 0.8 by 1.4 and 1.6, while the root mean square of what leaks goes from .07 and .04 to .08 and .07, and .08 and .09.
 */
const SOFTNESS = 0.8;

/** A conditioned direction before it is a document. */
interface Candidate {
  readonly vector: Float64Array;
  readonly cosine: number;
  readonly space: DirectionDocument["space"];
  readonly shape: readonly number[];
}

/** Frees directions of a model from others. What all of them need (faces, gradients, the spread of codes) is made once. */
export class Conditioner {
  readonly #gradients = new Map<number, Float64Array>();
  #sample: CodeSample | undefined;
  #measured: ScoredFaces | undefined;
  #practice: ScoredFaces | undefined;
  #differentiator: ScoreGradients | undefined;

  /** @param scorer needed for gradients and for measuring leaks */
  constructor(
    readonly model: Model,
    readonly scorer?: Scorer,
    readonly options: ConditionerOptions = {},
  ) {}

  /**
   * The direction freed of others.
   *
   * @param on directions whose vectors (projection) or whose attributes' scores (gradient) it shall leave alone
   * @returns the new document: with the boundary's figures, and without those that were measured on the vector before
   * @throws RfmError("usage") where models, spaces or shapes differ, the scorer lacks an attribute, or nothing is left.
   */
  async condition(
    direction: Direction,
    on: readonly Direction[],
    method: ConditioningMethod,
    run: RunBlock,
    effort: ConditioningEffort = {},
  ): Promise<DirectionDocument> {
    const projection = this.#project(direction, on);
    const gradient = method === "gradient" ? await this.#byGradients(direction, on, effort) : undefined;
    const softly = on
      .map(({ document }) => document.attribute)
      .filter((name) => effort.softly?.includes(name));
    const chosen = gradient ?? projection;
    const leaks = await this.#leaks(direction, projection, gradient, effort.measure);
    return {
      ...keptFigures(direction.document),
      space: chosen.space,
      shape: chosen.shape,
      sigma: await this.#sigmaOf(direction.document, chosen),
      conditioning: {
        method,
        on: on.map(({ document }) => document.attribute),
        ...(method === "gradient" && softly.length > 0 ? { softly } : {}),
        cosine: chosen.cosine,
        ...(leaks && { leaks }),
      },
      vector: shapedVector(chosen.vector, chosen.shape),
      run,
    };
  }

  get #practiceCount(): number {
    return this.options.practiceFaces ?? PRACTICE_FACES;
  }

  /** Frees the sessions; model and scorer stay. */
  async dispose(): Promise<void> {
    await this.#differentiator?.dispose();
  }

  #project(direction: Direction, on: readonly Direction[]): Candidate {
    // What the direction does not touch is none of its business, and no correction shall touch it either.
    const { layers } = direction.document;
    const within = on.map((other) => ({ ...other, document: { ...other.document, layers } }));
    const { space, shape, steps } = inCommonSpace([direction, ...within], this.model);
    const [own = new Float64Array(), ...others] = steps;
    return { ...projectOff(own, others), space, shape };
  }

  async #byGradients(
    direction: Direction,
    on: readonly Direction[],
    { softly = [], softness = SOFTNESS, practice: count = this.#practiceCount }: ConditioningEffort,
  ): Promise<Candidate> {
    const { document, path } = direction;
    const { wDimension } = this.model;
    if (document.space === "z") {
      throw new RfmError(
        "usage",
        `${path} is a direction in z, but scores are differentiated with respect to w; condition it by projection.`,
      );
    }
    const own = this.#columnOf(direction);
    const columns = on.map((other) => this.#columnOf(other));
    if (columns.includes(own)) {
      throw new RfmError(
        "usage",
        `${path} cannot leave ${document.attribute} as it is, for that is what it moves; condition it on others.`,
      );
    }
    const faces = (await this.#practiceFaces()).first(count);
    const means = await this.#meanGradients(columns);
    const sample = await this.#codes();
    const flat = flatVector(document);
    const shape = flat.length === wDimension ? [wDimension] : document.shape;
    const form = { ...document, shape };
    const found = await conditionByGradients(
      {
        direction: flat,
        gradients: means.map((gradient, k) => {
          const unitOfScore = faces.deviations[columns[k] ?? 0] ?? NaN;
          return gradientAlong(gradient, form, wDimension).map((value) => value / unitOfScore);
        }),
        columns,
        ...(softly.length > 0
          ? { softness: on.map((other) => (softly.includes(other.document.attribute) ? softness : 0)) }
          : {}),
        own,
        // Codes of all layers are copies of one w: their covariance tells of w alone.
        metric: flat.length === wDimension ? (vector) => sample.spread(vector) : (vector) => vector,
        editAlong: (vector) => this.#edit(document, { vector, shape }, sample.sigmaAlong(vector)),
        faces,
      },
      RISE,
      this.#counting("practise", count * 5),
    );
    return { ...found, space: document.space, shape };
  }

  async #leaks(
    direction: Direction,
    projection: Candidate,
    gradient: Candidate | undefined,
    count = this.options.seeds?.length ?? 0,
  ): Promise<LeakRecord | undefined> {
    const { seeds } = this.options;
    if (seeds === undefined) return undefined;
    const { document } = direction;
    const sample = await this.#codes();
    const editOf = (candidate: Pick<Candidate, "vector" | "shape">): Edit =>
      this.#edit(document, candidate, sample.sigmaAlong(candidate.vector));
    const projected = editOf(projection);
    const graded = gradient && editOf(gradient);
    this.#measured ??= await this.#draw(seeds, this.options.deviations);
    return measureLeaks(
      {
        before: editOf({ vector: flatVector(document), shape: document.shape }),
        after: graded ?? projected,
        projection: projected,
        ...(graded && { gradient: graded }),
      },
      this.#columnOf(direction),
      this.#measured.first(count),
      this.#counting("measure", count * 7),
    );
  }

  /** In the document's own unit: sigma of its label set, which may have been truncated. */
  async #sigmaOf(document: DirectionDocument, { vector, space }: Candidate): Promise<number> {
    const { sigma } = document;
    if (space === "z") return sigma ?? 1;
    const sample = await this.#codes();
    const after = sample.sigmaAlong(vector);
    return sigma === undefined ? after : (sigma * after) / sample.sigmaAlong(flatVector(document));
  }

  async #meanGradients(columns: readonly number[]): Promise<Float64Array[]> {
    const missing = [...new Set(columns)].filter((column) => !this.#gradients.has(column));
    if (missing.length > 0) {
      const { signal, onProgress } = this.options;
      const faces = await this.#practiceFaces();
      this.#differentiator ??= new ScoreGradients(this.model, faces.scorer);
      const codes = faces.codes.subarray(0, GRADIENT_FACES * this.model.codeSize);
      const found = await this.#differentiator.mean(codes, missing, {
        signal,
        onProgress: ({ done, total }) => onProgress?.({ phase: "gradients", done, total }),
      });
      missing.forEach((column, k) => this.#gradients.set(column, found[k] ?? new Float64Array()));
    }
    return columns.map((column) => this.#gradients.get(column) ?? new Float64Array());
  }

  async #practiceFaces(): Promise<ScoredFaces> {
    const seeds = Array.from({ length: this.#practiceCount }, (_, i) => PRACTICE_SEEDS + i);
    return (this.#practice ??= await this.#draw(seeds, this.options.deviations));
  }

  async #draw(seeds: readonly number[], deviations: ConditionerOptions["deviations"]): Promise<ScoredFaces> {
    return ScoredFaces.draw(this.model, this.#needScorer(), seeds, deviations, {
      signal: this.options.signal,
    });
  }

  async #codes(): Promise<CodeSample> {
    return (this.#sample ??= await CodeSample.draw(this.model, this.options.signal));
  }

  #edit(
    document: DirectionDocument,
    { vector, shape }: Pick<Candidate, "vector" | "shape">,
    sigma: number,
  ): Edit {
    const { attribute: name, space, layers } = document;
    return {
      direction: { name, path: "", sha256: "", space, sigma, vector: shapedVector(vector, shape) },
      amount: 1,
      layers,
      clip: 0,
      muted: false,
    };
  }

  #columnOf(direction: Direction): number {
    checkDirectionMatches(direction, this.model);
    const scorer = this.#needScorer();
    const { attribute } = direction.document;
    const column = scorer.attributes.findIndex(({ name }) => name === attribute);
    if (column >= 0) return column;
    const names = scorer.attributes.map(({ name }) => name).join(", ");
    throw new RfmError(
      "usage",
      `${direction.path} is a direction of ${attribute}, which the scorer ${scorer.name} does not score (it scores ${names}); condition by projection instead.`,
    );
  }

  #needScorer(): Scorer {
    if (this.scorer === undefined) {
      throw new RfmError("usage", "Without a scorer nothing can be re-scored; choose a scorer.");
    }
    return this.scorer;
  }

  #counting(
    phase: ConditioningProgress["phase"],
    expected: number,
  ): {
    signal: AbortSignal | undefined;
    onFaces: (faces: number) => void;
  } {
    let done = 0;
    return {
      signal: this.options.signal,
      onFaces: (faces) => {
        done += faces;
        this.options.onProgress?.({ phase, done, total: Math.max(done, expected) });
      },
    };
  }
}
