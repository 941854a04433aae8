import * as vscode from "vscode";
import type { LayerRange } from "../../engine/files";
import type { DiscoverParameters } from "../../protocol/directions";
import { askOne, askText, BACK, walk, type Option } from "../wizard";
import { parseCount, parseLayers } from "./parse";

/** What to look for. */
export interface DiscoveryPlan {
  readonly method: DiscoverParameters["method"];
  /** Nothing: all. */
  readonly layers: LayerRange | undefined;
  readonly count: number;
}

const USUAL: DiscoveryPlan = { method: "sefa", layers: undefined, count: 10 };

/** Asks where to look and for how much. @throws vscode.CancellationError */
export function askWhatToDiscover(modelLayers: number): Promise<DiscoveryPlan> {
  const methods: Option<DiscoveryPlan["method"]>[] = [
    {
      label: "SeFa",
      description: vscode.l10n.t("in the generator's weights: a few seconds, no samples"),
      value: "sefa",
    },
    {
      label: vscode.l10n.t("PCA"),
      description: vscode.l10n.t("in the spread of its codes, as GANSpace does"),
      value: "pca",
    },
  ];
  return walk<DiscoveryPlan>(
    vscode.l10n.t("Discover Directions"),
    () => [
      async (plan, place) => {
        const items = methods.map((item) => ({ ...item, picked: item.value === plan.method }));
        const method = await askOne(items, { placeholder: vscode.l10n.t("Where to look?"), place });
        return method === BACK ? BACK : { ...plan, method };
      },
      async (plan, place) => {
        const text = await askText({
          placeholder: vscode.l10n.t(
            "Layers, FIRST:END, of {0}. The first ones shape, the last ones colour.",
            modelLayers,
          ),
          place,
          value: (plan.layers ?? [0, modelLayers]).join(":"),
          problem: (given) =>
            parseLayers(given, modelLayers) === undefined
              ? vscode.l10n.t(
                  "Write two whole numbers with a colon between them, from 0:1 to 0:{0}.",
                  modelLayers,
                )
              : undefined,
        });
        return text === BACK ? BACK : { ...plan, layers: parseLayers(text, modelLayers) };
      },
      async (plan, place) => {
        const text = await askText({
          placeholder: vscode.l10n.t("How many directions, the strongest first?"),
          place,
          value: String(plan.count),
          problem: (given) =>
            parseCount(given) === undefined
              ? vscode.l10n.t("Write a whole number from 1 to 100.")
              : undefined,
        });
        return text === BACK ? BACK : { ...plan, count: parseCount(text) ?? plan.count };
      },
    ],
    USUAL,
  );
}
