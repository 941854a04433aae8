/**
 * The messages between the extension host and the engine process. They travel over Node's IPC channel with
 * structured clones, so that typed arrays arrive as they are; nothing here does any work.
 */
import type {
  Edit,
  EditDirection,
  ErrorCode,
  InversionRecord,
  LatentDocument,
  LayerRange,
  Point,
  ReconstructionMetrics,
  TunedRecord,
} from "../engine/files";
import type { Attempt, ProviderChoice, ProviderName } from "../engine/runtime";
import type { Pixels } from "./pixels";
import { request } from "./request";

export type { EngineRequest } from "./request";

/** What a failed answer carries beside its sentence; never a stack. */
export interface EngineErrorData {
  readonly code: ErrorCode;
}

/** The JSON-RPC number of every failed answer; {@link EngineErrorData} tells them apart. */
export const ENGINE_FAILURE = 1;

// ---------------------------------------------------------------- the process

/** What the engine is told at its start, and again when it changes. */
export interface EngineSettings {
  readonly provider: ProviderChoice;
  /** The folder that holds the packs `demo` and `faces`. */
  readonly modelsRoot: string;
  /** Packs outside these folders and `modelsRoot` are refused (Restricted Mode). */
  readonly allowedModelRoots: readonly string[];
}

/** What runs, for the status and for bug reports. */
export interface EngineStatus {
  readonly version: string;
  readonly provider: ProviderName;
  readonly attempts: readonly Attempt[];
  readonly threads: number;
  readonly node: string;
  readonly onnxruntime: string;
}

// ---------------------------------------------------------------- models and directions

/** A model pack, in numbers. */
export interface ModelSummary {
  readonly folder: string;
  readonly name: string;
  readonly sha256: string;
  /** Side of its pictures in pixels. */
  readonly resolution: number;
  /** Rows of w+. */
  readonly layers: number;
  readonly wDimension: number;
  readonly space: "w+" | "z";
  /** Default truncation. */
  readonly psi: number;
  readonly directions: readonly DirectionSummary[];
}

/** A direction as a slider needs it. */
export interface DirectionSummary {
  /** Ready to be put into an edit; `path` is relative to the latent where there is one. */
  readonly direction: EditDirection;
  /** The file. */
  readonly file: string;
  readonly attribute: string;
  readonly group?: string;
  /** Recommended for edits. */
  readonly layers: LayerRange;
  /** On held-out faces. */
  readonly auc?: number;
  /** On held-out faces, in [0,1]. */
  readonly accuracy?: number;
}

// ---------------------------------------------------------------- photos

/** A face in a photo; coordinates in pixels of the upright photo. */
export interface FoundFace {
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  };
  /** Confidence of the detector, in [0,1]. */
  readonly score: number;
  /** 68 points. */
  readonly landmarks: readonly Point[];
}

/** RFM's own method, or ours, which is faster. */
export type InversionMethod = "fast" | "rfm";

/** Loss parts against the iteration, as documents keep them. */
export type LossCourse = NonNullable<InversionRecord["course"]>;

export interface InvertParameters {
  /** The photo. */
  readonly path: string;
  /** Folder for the latents; default: beside the photo. */
  readonly output?: string;
  /** Folder of the model pack. */
  readonly model: string;
  /** Default fast. */
  readonly method?: InversionMethod;
  /** Folders of packs among which LPIPS is looked for: the newest one that is whole is taken. */
  readonly perceptual?: readonly string[];
  /** Default: the method's own. */
  readonly iterations?: number;
  /** Weight of the pull towards the origin; default: the method's own. */
  readonly beta?: number;
  readonly seed?: number;
  /** Replace latents that are there; otherwise new ones get a number. Default false. */
  readonly overwrite?: boolean;
  /** Leave a photo alone whose faces were all inverted by the same work before. Default false: invert it again. */
  readonly skipDone?: boolean;
}

export interface InvertResult {
  /** One per face, in the order of the photo. */
  readonly latents: readonly InvertedFace[];
  /** The person stopped the work: the faces so far, the last one with its best so far. */
  readonly cancelled: boolean;
  /** What went wrong after these faces were written, in a sentence: further ones are missing. */
  readonly failure?: string;
}

export interface InvertedFace {
  /** The written document. */
  readonly path: string;
  /** Which of the photo's faces, from 0. */
  readonly face: number;
  readonly metrics: ReconstructionMetrics;
  /** That it took, now or then; 0 where nobody knows any more. */
  readonly seconds: number;
  /** It had been inverted before in the same way, and was left as it is. */
  readonly known?: true;
  /** What people should know of how it was found, in sentences. */
  readonly notes: readonly string[];
}

export interface InvertProgress {
  readonly phase: "decode" | "detect" | "align" | "encode" | "optimise" | "write";
  /** From 0. */
  readonly face: number;
  /** 0 while they are not counted yet. */
  readonly faces: number;
  readonly iteration: number;
  readonly iterations: number;
  readonly loss?: number;
  /** Said once a face, where the work goes on from what an earlier run had kept. */
  readonly resumed?: true;
  /** A sentence that people should read. */
  readonly note?: string;
  /** Of this face so far; with each preview. */
  readonly course?: LossCourse;
  /** The aligned crop, once per face. */
  readonly crop?: Pixels;
  /** The reconstruction so far, every few iterations. */
  readonly preview?: Pixels;
}

export interface InversionReportParameters {
  /** What was named to be inverted: photos, or folders of photos. The report goes there unless `output` says where. */
  readonly named: readonly string[];
  /** Folder of the latents, where it is not beside the photos. */
  readonly output?: string;
  /** Folder of the model pack. */
  readonly model: string;
  /** The photos in order, with the latents of their faces. */
  readonly photos: readonly { readonly path: string; readonly latents: readonly string[] }[];
  /** Photos that were not inverted, and why, in a sentence. */
  readonly failed: readonly { readonly path: string; readonly message: string }[];
}

/** Paths of what was written. */
export interface InversionReportFiles {
  /** Comma-separated values. */
  readonly table: string;
  /** HTML with photo and reconstruction of each face. */
  readonly sheet: string;
}

// ---------------------------------------------------------------- the Studio

export interface OpenLatentParameters {
  /** Where the document lies: names it in sentences and is what its photo is relative to. */
  readonly path: string;
  /** The document's text where it is not to be read from the disk (hot exit, undo of a save). */
  readonly text?: string;
  /** Folders of packs among which the document's model is looked for. */
  readonly models: readonly string[];
}

export interface OpenedLatent {
  /** For the requests below; lives until `closeLatent` or the end of the process. */
  readonly session: number;
  /** Folder of the pack that draws it. */
  readonly model: string;
  /** Rows of w+. */
  readonly layers: number;
  /** Those of the document. */
  readonly edits: readonly Edit[];
  /** That of the document. */
  readonly tuned?: TunedRecord;
  /** The photo's aligned crop; absent where the photo has moved away or changed. */
  readonly photo?: Pixels;
  /** The face without edits. */
  readonly reconstruction: Pixels;
  /** Something that the person should know, in a sentence. */
  readonly warning?: string;
  readonly details: LatentDetails;
}

/** The measured facts of a latent. */
export type LatentDetails = Pick<
  LatentDocument,
  "model" | "norm" | "source" | "inversion" | "metrics" | "run"
>;

/** What is set on a latent. */
export interface Look {
  readonly edits: readonly Edit[];
  /** How far the generator is tuned to the face; default: not at all. */
  readonly tuned?: TunedRecord | undefined;
}

export interface RenderParameters extends Look {
  readonly session: number;
}

export interface TuneParameters {
  readonly session: number;
  /** Default: the engine's own. */
  readonly steps?: number;
}

export interface TuneProgress {
  readonly iteration: number;
  readonly iterations: number;
  readonly loss?: number;
  /** The tuned face so far, every few steps. */
  readonly preview?: Pixels;
}

export interface TuneResult {
  /** For the document, at likeness 1. */
  readonly tuned: TunedRecord;
  /** Sentences that people should read. */
  readonly notes: readonly string[];
  /** The person stopped the work: the best so far. */
  readonly cancelled: boolean;
}

/** A drawn face, or nothing where a newer request for the same session overtook this one. */
export type RenderResult =
  | { readonly superseded: false; readonly pixels: Pixels; readonly milliseconds: number }
  | { readonly superseded: true };

// ---------------------------------------------------------------- the requests

/** Every request that the engine answers. */
export const EngineRequests = {
  /** The first request of a process; sent again it replaces the allowed roots. */
  hello: request<EngineSettings, EngineStatus>("hello"),
  openModel: request<{ readonly folder: string }, ModelSummary>("openModel"),
  /** Directions of the model of a session: the pack's own, then those in the folders, by file name. */
  listDirections: request<
    { readonly session: number; readonly folders: readonly string[] },
    readonly DirectionSummary[]
  >("listDirections"),
  detect: request<{ readonly path: string }, { readonly faces: readonly FoundFace[] }>("detect"),
  /** The photos that paths name: files as they are, of folders the pictures in them. */
  listPhotos: request<{ readonly paths: readonly string[] }, readonly string[]>("listPhotos"),
  /** What became of a batch, as a table and a contact sheet. */
  writeInversionReport: request<InversionReportParameters, InversionReportFiles>("writeInversionReport"),
  /** Cancelling keeps what there is. */
  invert: request<InvertParameters, InvertResult, InvertProgress>("invert"),
  openLatent: request<OpenLatentParameters, OpenedLatent>("openLatent"),
  render: request<RenderParameters, RenderResult>("render"),
  /** Writes the document with these edits; everything else in it stays as it was opened. */
  saveLatent: request<RenderParameters & { readonly path: string }, null>("saveLatent"),
  /** Writes the edited face; `size` is its side in pixels (default: the model's own). */
  savePicture: request<RenderParameters & { readonly path: string; readonly size?: number }, null>(
    "savePicture",
  ),
  /** Writes the sum of the edits as one direction of this name. */
  saveDirection: request<RenderParameters & { readonly path: string; readonly name: string }, null>(
    "saveDirection",
  ),
  /** Writes the edits as a recipe. */
  saveRecipe: request<RenderParameters & { readonly path: string }, null>("saveRecipe"),
  /** The edits of a recipe; refused where it does not fit the latent. */
  readRecipe: request<{ readonly session: number; readonly path: string }, readonly Edit[]>("readRecipe"),
  /** Tunes the generator to the face of the latent's photo and writes the weights beside the latent. */
  tuneLatent: request<TuneParameters, TuneResult, TuneProgress>("tuneLatent"),
  closeLatent: request<{ readonly session: number }, null>("closeLatent"),
} as const;
