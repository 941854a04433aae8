import type { Pixels } from "../../protocol/pixels";
import type { OpenedLatent } from "../../protocol/engine";
import type { SliderDirection } from "../sliders/rows";

/** One picture of the edited face. `since`: when the movement that asked for it was made (`Date.now()`). */
export interface Frame {
  readonly pixels: Pixels;
  readonly milliseconds: number;
  readonly since: number | undefined;
}

/** What there is to show. */
export type Content =
  | { readonly phase: "opening" }
  | { readonly phase: "failed"; readonly message: string; readonly engineGone: boolean }
  | {
      readonly phase: "open";
      readonly opened: OpenedLatent;
      readonly directions: readonly SliderDirection[];
      /** Something that the person should know, in a sentence. */
      readonly notice: string | undefined;
    };
