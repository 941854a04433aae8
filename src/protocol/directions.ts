/** The messages between host and engine about label sets and directions; see `engine.ts`. */
import type { DirectionsReport, FitChoices, FitFailure } from "../engine/directions";
import type { DirectionDocument, LayerRange, SeedRange, Space } from "../engine/files";
import type { Pixels } from "./pixels";
import { request } from "./request";

/** How far a longer work is. */
export interface WorkProgress {
  /** A word of the engine's; the host translates those that it knows. */
  readonly phase: string;
  readonly done: number;
  /** 0 while it is not counted yet. */
  readonly total: number;
}

// ---------------------------------------------------------------- what there is

/** A direction's document, in short. */
export interface DirectionEntry {
  readonly kind: "direction";
  readonly path: string;
  /** File name without its ending. */
  readonly name: string;
  readonly attribute: string;
  readonly group?: string;
  readonly model: string;
  readonly labelSet?: string;
  readonly space: Space;
  readonly layers: LayerRange;
  readonly auc?: number;
  /** On held-out faces, in [0,1]. */
  readonly accuracy?: number;
  readonly conditionedOn?: readonly string[];
  /** What a discovered direction mostly changes. */
  readonly description?: string;
  /** Why it cannot be used with the active model, in a sentence. */
  readonly misfit?: string;
}

/** One column of a label set. */
export interface AttributeEntry {
  readonly name: string;
  readonly group?: string;
  /** A score, or a quantile such as "q0.5". */
  readonly threshold?: number | string;
}

/** A label set's document, in short. */
export interface LabelSetEntry {
  readonly kind: "labels";
  readonly path: string;
  readonly name: string;
  readonly model: string;
  readonly scorer: string;
  /** Faces. */
  readonly count: number;
  /** Faces with scores. */
  readonly done: number;
  /** Where they are one range. */
  readonly seeds?: SeedRange;
  readonly attributes: readonly AttributeEntry[];
  readonly misfit?: string;
}

/** A document that cannot be read, and why, in a sentence. */
export interface BrokenEntry {
  readonly kind: "broken";
  readonly path: string;
  readonly name: string;
  readonly message: string;
}

export type FileEntry = DirectionEntry | LabelSetEntry | BrokenEntry;

/** The active model, the directions that come with it, and the files that were asked about, in their order. */
export interface FileSummaries {
  readonly model: { readonly folder: string; readonly name: string; readonly layers: number };
  readonly own: readonly (DirectionEntry | BrokenEntry)[];
  readonly files: readonly FileEntry[];
}

/** No more files than this are looked at in one request. */
export const MOST_FILES = 1000;

// ---------------------------------------------------------------- label sets

export interface CreateLabelSetParameters {
  /** The document, `NAME.labels.json`. */
  readonly path: string;
  /** Folder of the model pack. */
  readonly model: string;
  readonly seeds: SeedRange;
  /** Folder of a scorer pack; default the built-in scorer. */
  readonly scorer?: string;
}

export interface ResumeLabelSetParameters {
  readonly path: string;
  /** Folders of packs among which the label set's model is looked for. */
  readonly models: readonly string[];
  /** Folders of packs among which its scorer is looked for, where it is not the built-in one. */
  readonly scorers?: readonly string[];
}

export interface LabelSetResult {
  readonly path: string;
  readonly count: number;
}

// ---------------------------------------------------------------- fitting

export interface FitParameters {
  /** The label set's document. */
  readonly labelSet: string;
  readonly attributes: readonly string[];
  readonly choices: Pick<FitChoices, "penalty" | "C" | "classWeight" | "threshold" | "dropMiddle">;
  /** Draw and score faces to measure effects and layers, too. */
  readonly measure: boolean;
  /** Folder for the directions. */
  readonly output: string;
  /** Replace files that are there; otherwise new ones get a number. */
  readonly overwrite: boolean;
  readonly models: readonly string[];
}

export interface FitResult {
  readonly written: readonly WrittenDirection[];
  readonly failures: readonly FitFailure[];
  /** What people should know although directions were fitted; a sentence each. */
  readonly warnings: readonly string[];
  /** The person stopped the work; what was fitted is written. */
  readonly cancelled: boolean;
}

// ---------------------------------------------------------------- directions

/** A direction that was written. */
export interface WrittenDirection {
  readonly path: string;
  readonly attribute: string;
}

export type Conditioning = "projection" | "gradient";

export interface ConditionParameters {
  readonly path: string;
  /** Directions that it shall leave alone. */
  readonly on: readonly string[];
  readonly method: Conditioning;
  /** The document to write. */
  readonly output: string;
  readonly models: readonly string[];
}

export interface CombineParameters {
  readonly parts: readonly { readonly path: string; readonly weight: number }[];
  /** What the sum's slider is called. */
  readonly name: string;
  readonly output: string;
  readonly models: readonly string[];
}

export interface OrthogonaliseParameters {
  readonly paths: readonly string[];
  /** `alike`: all give way equally; `inOrder`: the first stays, each gives way to those before. */
  readonly method: "alike" | "inOrder";
  /** Folder for the new directions. */
  readonly output: string;
  readonly models: readonly string[];
}

// ---------------------------------------------------------------- discovery

export interface DiscoverParameters {
  /** Folder of the model pack. */
  readonly model: string;
  readonly method: "sefa" | "pca";
  /** Default: all. */
  readonly layers?: LayerRange;
  readonly count: number;
}

/** A direction that was found without labels, ready to be written, and one face moved along it. */
export interface DiscoveredDirection {
  readonly document: DirectionDocument;
  readonly strip: Pixels;
  /** Amounts of the strip's faces, from left to right, in sigma. */
  readonly amounts: readonly number[];
}

export interface DiscoverResult {
  readonly directions: readonly DiscoveredDirection[];
}

export type DiscoverProgress = WorkProgress & { readonly found?: DiscoveredDirection };

// ---------------------------------------------------------------- the requests

export const DirectionRequests = {
  /** What label sets and directions are in files; a file that cannot be read is told as such. */
  summariseFiles: request<{ readonly files: readonly string[]; readonly model: string }, FileSummaries>(
    "summariseFiles",
  ),
  /** Cancelling keeps every finished batch: `resumeLabelSet` goes on. */
  createLabelSet: request<CreateLabelSetParameters, LabelSetResult, WorkProgress>("createLabelSet"),
  resumeLabelSet: request<ResumeLabelSetParameters, LabelSetResult, WorkProgress>("resumeLabelSet"),
  /** Cancelling keeps the directions that are fitted already. */
  fitDirections: request<FitParameters, FitResult, WorkProgress>("fitDirections"),
  conditionDirection: request<ConditionParameters, WrittenDirection, WorkProgress>("conditionDirection"),
  combineDirections: request<CombineParameters, WrittenDirection>("combineDirections"),
  orthogonaliseDirections: request<OrthogonaliseParameters, readonly WrittenDirection[]>(
    "orthogonaliseDirections",
  ),
  discoverDirections: request<DiscoverParameters, DiscoverResult, DiscoverProgress>("discoverDirections"),
  /** Directions with the proof of their quality. */
  reportDirections: request<{ readonly paths: readonly string[] }, DirectionsReport>("reportDirections"),
  /** Writes a discovered direction under the name that it was given. */
  writeDirection: request<{ readonly path: string; readonly document: DirectionDocument }, WrittenDirection>(
    "writeDirection",
  ),
} as const;
