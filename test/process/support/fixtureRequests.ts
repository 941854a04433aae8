import type { EngineRequest, EngineSettings } from "../../../src/protocol/engine";

interface Count {
  readonly count: number;
}

/** Requests that only the fixture engine answers. */
export const Fixture = {
  settings: { method: "settings" } as EngineRequest<object, { readonly settings: EngineSettings | null }>,
  /** Counts with progress; cancelling gives what it has. */
  count: { method: "count" } as EngineRequest<
    { readonly to: number },
    Count & { readonly cancelled: boolean },
    Count
  >,
  /** Holds the event loop and hears nothing. */
  block: { method: "block" } as EngineRequest<
    { readonly milliseconds: number },
    { readonly done: boolean },
    { readonly begun: boolean }
  >,
  picture: { method: "picture" } as EngineRequest<
    { readonly size: number },
    { readonly rgba: Uint8Array; readonly w: Float32Array }
  >,
  measure: { method: "measure" } as EngineRequest<
    { readonly rgba: Uint8Array },
    { readonly type: string; readonly length: number }
  >,
  fail: { method: "fail" } as EngineRequest<{ readonly how: "exit" | "sentence" | "bug" }, null>,
  /** Nobody answers it. */
  unknown: { method: "unknown" } as EngineRequest<object, null>,
};
