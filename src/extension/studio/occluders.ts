import * as vscode from "vscode";
import { markup, type Markup } from "../../engine/files";
import type { OpenedLatent } from "../../protocol/engine";
import type { Drawing } from "../../protocol/webview";
import { place } from "../report/plots/canvas";

/** Weights of the crop's cells in the loss, in rows, from 0 (left out) to 1. */
export type OcclusionGrid = readonly (readonly number[])[];

/** A cell that counts less is left out: so the engine says what share it leaves out. */
const HALF = 0.5;

/** How much of the photo is seen through a cell that does not count at all. */
const STRONGEST = { shade: 0.6, hatching: 1 };

/** What an inversion left out of the photo, as the Studio shows it. */
export interface Occluders {
  /** In the photo's crop, stretched over it. */
  readonly drawing: Drawing;
  /** The same in a sentence. */
  readonly description: string;
}

/** Share of the cells that count less than half, from 0 to 1. */
export function leftOutShare(grid: OcclusionGrid): number {
  const cells = grid.flat();
  return cells.length === 0 ? 0 : cells.filter((weight) => weight < HALF).length / cells.length;
}

/** The same as people read it; never 0% where something was left out. */
export function leftOutPercent(grid: OcclusionGrid): string | undefined {
  const share = leftOutShare(grid);
  return share === 0 ? undefined : `${Math.max(1, Math.round(100 * share))}%`;
}

/** What was left out of an opened latent's photo; nothing where all of it counted, or the photo is not there. */
export function occludersOf({ details, photo }: OpenedLatent): Occluders | undefined {
  const grid = details.inversion?.occlusion;
  if (grid === undefined || photo === undefined) return undefined;
  const percent = leftOutPercent(grid);
  if (percent === undefined) return undefined;
  const description = vscode.l10n.t(
    "About {0} of the photo was left out of the inversion (hatched): something there hides the face, or the model cannot draw it.",
    percent,
  );
  return { drawing: drawOccluders(grid, description).text, description };
}

/**
 * Hatching over the cells that count less than half, the stronger the less they count.
 *
 * @param label what it shows, for those who do not see it
 */
export function drawOccluders(grid: OcclusionGrid, label: string): Markup {
  const columns = Math.max(...grid.map((row) => row.length));
  const cells = grid.flatMap((row, y) =>
    row.flatMap((weight, x) => (weight < HALF ? [cell(x, y, 1 - weight)] : [])),
  );
  return markup`<svg class="occluders" role="img" aria-label="${label}" viewBox="0 0 ${columns} ${grid.length}" preserveAspectRatio="none" shape-rendering="crispEdges"><defs><pattern id="hatching" patternUnits="userSpaceOnUse" width="1" height="1"><path class="hatch" shape-rendering="auto" d="M-0.25 0.25 0.25 -0.25M0 1 1 0M0.75 1.25 1.25 0.75" /></pattern></defs>${cells}</svg>`;
}

function cell(x: number, y: number, strength: number): Markup {
  const at = markup`x="${x}" y="${y}" width="1" height="1"`;
  return markup`<rect class="shade" fill-opacity="${place(STRONGEST.shade * strength)}" ${at} /><rect fill="url(#hatching)" fill-opacity="${place(STRONGEST.hatching * strength)}" ${at} />`;
}
