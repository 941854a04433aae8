/** The messages between host and engine about foreign files and model packs; see `engine.ts`. */
import type { WorkProgress } from "./directions";
import { request } from "./request";

// ---------------------------------------------------------------- foreign files

/** What a file may become; which of several it is only a person knows. Components are many directions at once. */
export type DataKind = "latent" | "direction" | "components";

/** A file that was looked into; nothing of it was imported. */
export interface LookedFile {
  readonly path: string;
  readonly bytes: number;
  /** What it seems to be, in a sentence. */
  readonly what: string;
  /** What its array may become; none where it is a part of a model, or nothing that is known. */
  readonly kinds: readonly DataKind[];
  /** Of its array, where it has only one, or of its strongest components [count, columns]. */
  readonly shape?: readonly number[];
}

/** Files that are one label set: labels, and the codes of the faces that they are of. */
export interface LookedLabelSet {
  /** Shapes of the codes, [faces, ...]. */
  readonly codes: readonly (readonly number[])[];
  /** The labels are answers of the Microsoft Face API, which have to be cleaned. */
  readonly hasAnswers: boolean;
}

/** Files that a person chose together. */
export interface LookedInto {
  readonly files: readonly LookedFile[];
  /** The files hold networks, which make one pack; otherwise each file is data of its own. */
  readonly isModel: boolean;
  /** The model is a graph of its maker's own, which leaves open what its numbers mean. */
  readonly isOnnx: boolean;
  /** The files are one label set. */
  readonly labelSet?: LookedLabelSet;
  /** What has to be known about their use, in sentences. */
  readonly licences: readonly string[];
  /** What else a person should know, in sentences. */
  readonly notes: readonly string[];
}

/** What only a person knows of a generator in ONNX. */
export interface OnnxAnswers {
  /** What the code is that is edited; default: told by names and shapes. */
  readonly space?: "z" | "w";
  /** The numbers that are black and white in its pictures. */
  readonly range: readonly [black: number, white: number];
}

export interface ImportModelParameters {
  readonly paths: readonly string[];
  readonly onnx?: OnnxAnswers;
  /** The new pack: NAME in a folder of packs. */
  readonly folder: string;
}

export interface ImportedPack {
  readonly pack: PackEntry;
  /** In a few words. */
  readonly what: string;
  /** Sentences: what the files lack, and what works without it. */
  readonly missing: readonly string[];
  /** The folder of packs had it already, under this pack's name: nothing was written. */
  readonly already: boolean;
}

export interface ImportDataParameters {
  readonly files: readonly { readonly path: string; readonly kind: DataKind }[];
  /** Folder for the documents. */
  readonly output: string;
  /** Folder of the model pack that they belong to. */
  readonly model: string;
}

/** How the Face API's answers become columns: as RFM's script does it, or without its mistakes. */
export type AnswerCleaning = "rfm" | "corrected";

export interface ImportLabelSetParameters {
  readonly paths: readonly string[];
  /** Folder for the document and its scores. */
  readonly output: string;
  /** Folder of the pack of the model whose faces were labelled. */
  readonly model: string;
  readonly cleaning: AnswerCleaning;
}

export interface ImportedLabelSet {
  readonly path: string;
  /** Faces. */
  readonly count: number;
  /** In sentences. */
  readonly notes: readonly string[];
}

export interface ImportedData {
  readonly written: readonly { readonly path: string; readonly kind: DataKind }[];
  /** What people should know although it was imported, in sentences. */
  readonly notes: readonly string[];
}

// ---------------------------------------------------------------- packs

/** A model pack as its `model.json` tells it. */
export interface PackEntry {
  readonly folder: string;
  readonly name: string;
  /** `model` draws faces; others score or compare them. */
  readonly kind: string;
  readonly architecture: string;
  /** Identity of its weights. */
  readonly sha256: string;
  /** Of all its files. */
  readonly bytes: number;
  readonly licence?: string;
  /** Of what draws faces. */
  readonly generator?: {
    /** Side of its pictures in pixels. */
    readonly resolution: number;
    readonly layers: number;
    readonly wDimension: number;
    readonly space: "w+" | "z";
    readonly hasEncoder: boolean;
    readonly hasMapping: boolean;
    /** What the files that it was imported from lack, in sentences. */
    readonly missing: readonly string[];
  };
}

export interface FitEncoderParameters {
  /** Of the pack. */
  readonly folder: string;
  /** Faces to learn from; default: the engine's own. */
  readonly samples?: number;
}

/** A pack that has got an encoder, and how good it is on faces that it was not fitted to. */
export interface FittedPack {
  readonly pack: PackEntry;
  readonly samples: number;
  readonly heldOut: number;
  /** Error of the code, as a share of the average code's. */
  readonly codeError: number;
  /** Error of the picture drawn from the code, as a share of that of the average code's picture. */
  readonly pictureError: number;
}

/** A folder that is no pack, or a broken one, and why, in a sentence. */
export interface BrokenPack {
  readonly folder: string;
  readonly message: string;
}

export const ImportRequests = {
  lookIntoFiles: request<{ readonly paths: readonly string[] }, LookedInto>("lookIntoFiles"),
  /** The pack appears as a whole or not at all, and is checked against its hashes. */
  importModel: request<ImportModelParameters, ImportedPack, WorkProgress>("importModel"),
  importLabelSet: request<ImportLabelSetParameters, ImportedLabelSet, WorkProgress>("importLabelSet"),
  importData: request<ImportDataParameters, ImportedData, WorkProgress>("importData"),
  /** In the order of the folders. */
  listPacks: request<{ readonly folders: readonly string[] }, readonly (PackEntry | BrokenPack)[]>(
    "listPacks",
  ),
  /** Fits an encoder and adds it to the pack, which stays whole at every moment. */
  fitEncoder: request<FitEncoderParameters, FittedPack, WorkProgress>("fitEncoder"),
  /** Reads all files of a pack and compares them with their hashes; fails with the sentence that names the file. */
  verifyPack: request<{ readonly folder: string }, PackEntry, WorkProgress>("verifyPack"),
} as const;
