/**
 * The messages between the extension host and the webviews of Studio and sliders. The host owns all state and sends it whole;
 * a webview draws it and answers with what the person did. Texts arrive translated: a webview holds no words.
 */
import type { Failure } from "./conversation";
import { isBoolean, isFinite, isLayerRange, isString, messageGuard } from "./guard";
import type { Pixels } from "./pixels";

/** The pictures of the Studio, from left to right. */
export const PANES = ["photo", "reconstruction", "edit"] as const;
export type Pane = (typeof PANES)[number];

/** Half-open range [start, end) of w+ rows. */
export type LayerRange = readonly [number, number];

/** Where an amount may go: the slider's ends, and what the number field takes beyond them; in sigma. */
export const AMOUNT = { sliderLimit: 3, limit: 10, step: 0.1 } as const;

/** The likeness of a matched face: 0 is the untuned generator, 1 the tuned one. */
export const LIKENESS = { limit: 1, step: 0.01 } as const;

// ---------------------------------------------------------------- Studio

export interface StudioStrings {
  readonly panes: Readonly<Record<Pane, string>>;
  readonly missingPhoto: string;
  readonly compare: string;
  readonly compareHint: string;
  readonly comparing: string;
  readonly showOccluders: string;
  readonly details: string;
  readonly frame: string;
  readonly edits: string;
  readonly noEdits: string;
  readonly mute: string;
  readonly unmute: string;
  readonly remove: string;
  readonly muted: string;
  readonly openAsText: string;
  readonly restartEngine: string;
}

/** One applied edit as a line of the list; `id` is the direction's SHA-256. */
export interface EditRow {
  readonly id: string;
  readonly name: string;
  readonly amount: string;
  /** Absent where the model has no layers to choose from. */
  readonly layers?: string;
  readonly muted: boolean;
}

/** One measured fact about the latent, in words. */
export interface Detail {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
}

/** A figure as the host draws it, as HTML whose texts are escaped; the page shows it as it is. */
export type Drawing = string;

/** What the inversion left out of the photo. */
export interface StudioOccluders {
  /** To be laid over the photo. */
  readonly drawing: Drawing;
  /** What it shows, in a sentence. */
  readonly description: string;
  readonly shown: boolean;
}

export type StudioState =
  /** Work goes on; `fraction` in [0,1] where it is known. */
  | {
      readonly phase: "busy";
      readonly message: string;
      readonly fraction?: number;
      /** What the person should know meanwhile, in sentences. */
      readonly notes?: readonly string[];
      readonly course?: Drawing;
    }
  /** Nothing to show but a sentence and the ways out. */
  | { readonly phase: "failed"; readonly message: string; readonly actions: readonly StudioAction[] }
  | {
      readonly phase: "ready";
      readonly title: string;
      readonly notice: string | undefined;
      readonly details: readonly Detail[];
      /** Of the inversion, where the latent tells it. */
      readonly course?: Drawing;
      /** Absent where all of the photo counted. */
      readonly occluders?: StudioOccluders;
      readonly edits: readonly EditRow[];
    };

export type StudioAction = "openAsText" | "restartEngine";

export type ToStudio =
  | { readonly type: "state"; readonly strings: StudioStrings; readonly state: StudioState }
  | {
      readonly type: "pixels";
      readonly pane: Pane;
      /** `undefined`: there is no such picture (the photo has moved away). */
      readonly pixels: Pixels | undefined;
      /** Engine milliseconds of this frame. */
      readonly milliseconds?: number;
      /** `Date.now()` of the slider message that asked for this frame: frame time is measured to the pixels. */
      readonly since?: number | undefined;
    };

export type FromStudio =
  | { readonly type: "ready" }
  | { readonly type: "mute"; readonly id: string; readonly muted: boolean }
  | { readonly type: "remove"; readonly id: string }
  /** Whether to show what was left out of the photo. */
  | { readonly type: "occluders"; readonly shown: boolean }
  | { readonly type: "action"; readonly action: StudioAction }
  | Failure;

export interface StudioConversation {
  readonly to: ToStudio;
  readonly from: FromStudio;
}

/** Whether a value that came from the Studio's webview is one of its messages. */
export const isFromStudio = messageGuard<FromStudio>({
  ready: () => true,
  mute: (m) => isString(m.id) && isBoolean(m.muted),
  remove: (m) => isString(m.id),
  occluders: (m) => isBoolean(m.shown),
  action: (m) => m.action === "openAsText" || m.action === "restartEngine",
  failure: (m) => isString(m.message),
});

// ---------------------------------------------------------------- Sliders

export interface SlidersStrings {
  readonly welcome: string;
  readonly invertFace: string;
  readonly search: string;
  readonly nothingFound: string;
  readonly reset: string;
  readonly resetAll: string;
  readonly amount: string;
  readonly layers: string;
  readonly firstLayer: string;
  readonly endLayer: string;
  readonly likeness: string;
  readonly likenessHint: string;
  readonly matchFace: string;
  readonly matchHint: string;
}

/** One direction with the amount that the active Studio gives it; `id` is the direction's SHA-256. */
export interface SliderRow {
  readonly id: string;
  readonly name: string;
  readonly amount: number;
  readonly layers: LayerRange;
  readonly muted: boolean;
  /** Statistics of the direction, for the tooltip. */
  readonly hint: string;
  /** The direction is zero on these layers: a sentence that says so, and a button that chooses others. */
  readonly silent?: { readonly message: string; readonly action: string; readonly layers: LayerRange };
}

export interface SliderGroup {
  readonly name: string;
  readonly rows: readonly SliderRow[];
}

export type SlidersState =
  /** No Studio is active. */
  | { readonly phase: "idle" }
  /** A Studio is active but cannot be edited (yet); the sentence says why. */
  | { readonly phase: "waiting"; readonly message: string }
  | {
      readonly phase: "ready";
      readonly title: string;
      /** Rows of the model's codes: the upper bound of layer ranges. With one there is nothing to choose. */
      readonly layerCount: number;
      readonly groups: readonly SliderGroup[];
      /** How far the generator is tuned to the face, in [0,1]; undefined: it was never matched. */
      readonly likeness: number | undefined;
      /** Whether there is a photo to match the face to. */
      readonly matchable: boolean;
    };

export interface ToSliders {
  readonly type: "state";
  readonly strings: SlidersStrings;
  readonly state: SlidersState;
}

export type FromSliders =
  | { readonly type: "ready" }
  /** The slider moves: draw, but remember nothing. `at` is `Date.now()` of the movement. */
  | { readonly type: "live"; readonly id: string; readonly amount: number; readonly at: number }
  /** The gesture ended: one step of undo. */
  | { readonly type: "commit"; readonly id: string; readonly amount: number; readonly at: number }
  /** The gesture was given up: draw what was before. */
  | { readonly type: "cancel" }
  | { readonly type: "layers"; readonly id: string; readonly layers: LayerRange }
  | { readonly type: "resetAll" }
  /** The same two for the likeness. */
  | { readonly type: "liveLikeness"; readonly amount: number; readonly at: number }
  | { readonly type: "commitLikeness"; readonly amount: number; readonly at: number }
  | { readonly type: "matchFace" }
  | { readonly type: "undo" }
  | { readonly type: "redo" }
  | { readonly type: "invertFace" }
  | Failure;

export interface SlidersConversation {
  readonly to: ToSliders;
  readonly from: FromSliders;
}

const isAmount = (value: unknown): boolean => isFinite(value) && Math.abs(value) <= AMOUNT.limit;
const isLikeness = (m: Readonly<Record<string, unknown>>): boolean =>
  isFinite(m.amount) && m.amount >= 0 && m.amount <= LIKENESS.limit && isFinite(m.at);
const isMovement = (m: Readonly<Record<string, unknown>>): boolean =>
  isString(m.id) && isAmount(m.amount) && isFinite(m.at);

/** Whether a value that came from the side panel's webview is one of its messages. */
export const isFromSliders = messageGuard<FromSliders>({
  ready: () => true,
  live: isMovement,
  commit: isMovement,
  cancel: () => true,
  layers: (m) => isString(m.id) && isLayerRange(m.layers),
  resetAll: () => true,
  liveLikeness: isLikeness,
  commitLikeness: isLikeness,
  matchFace: () => true,
  undo: () => true,
  redo: () => true,
  invertFace: () => true,
  failure: (m) => isString(m.message),
});
