/** The messages between the extension host and the page of discovered directions; see `webview.ts`. */
import type { Failure } from "./conversation";
import { isSafeInteger, isString, messageGuard } from "./guard";
import type { Pixels } from "./pixels";

export interface DiscoveryStrings {
  readonly name: string;
  readonly save: string;
  readonly strip: string;
}

/** One discovered direction; `id` counts from 0. */
export interface DiscoveryRow {
  readonly id: number;
  /** "Component 1, 4.2% of the variation". */
  readonly title: string;
  /** What it mostly changes. */
  readonly description: string;
  /** What the name field holds at first. */
  readonly name: string;
  /** Where it was saved, in words. */
  readonly saved?: string;
}

export interface DiscoveryState {
  readonly title: string;
  /** What goes on, or how it ended. */
  readonly message: string | undefined;
  readonly rows: readonly DiscoveryRow[];
}

export type ToDiscovery =
  | { readonly type: "state"; readonly strings: DiscoveryStrings; readonly state: DiscoveryState }
  /** One face moved along a direction. */
  | { readonly type: "strip"; readonly id: number; readonly pixels: Pixels };

export type FromDiscovery =
  | { readonly type: "ready" }
  | { readonly type: "save"; readonly id: number; readonly name: string }
  | Failure;

export interface DiscoveryConversation {
  readonly to: ToDiscovery;
  readonly from: FromDiscovery;
}

/** Whether a value that came from the page is one of its messages. */
export const isFromDiscovery = messageGuard<FromDiscovery>({
  ready: () => true,
  save: (m) => isSafeInteger(m.id) && isString(m.name),
  failure: (m) => isString(m.message),
});
