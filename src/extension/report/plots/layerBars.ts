import type { LayerEffect } from "../../../engine/files";
import type { Figure } from "../figure";
import { change } from "../numbers";
import { groupedBars } from "./groupedBars";

export interface LayerWords {
  readonly caption: string;
  readonly own: string;
  readonly others: string;
  readonly change: string;
  readonly layerHeading: string;
  readonly layer: (layer: number) => string;
}

/** Which layers carry the attribute, the strongest first, and how far the other attributes go along. */
export function layerBars(effects: readonly LayerEffect[], words: LayerWords): Figure {
  const series = [words.own, words.others];
  const ranked = [...effects].sort((a, b) => Math.abs(b.own) - Math.abs(a.own));
  const groups = ranked.map(({ layer, own, others }) => ({
    name: words.layer(layer),
    values: [Math.abs(own), others],
  }));
  return {
    caption: words.caption,
    svg: groupedBars(
      `${words.caption}: ${groups.map(({ name }) => name).join(", ")}`,
      groups,
      series,
      words.change,
      change,
    ),
    legend: series.map((name, index) => ({ series: index + 1, name })),
    table: {
      head: [words.layerHeading, ...series],
      rows: ranked.map(({ layer, own, others }) => [words.layer(layer), change(own), change(others)]),
    },
  };
}
