import { basename } from "node:path";
import * as vscode from "vscode";
import { DirectionRequests, type DirectionEntry } from "../../protocol/directions";
import type { Context } from "../context";
import { DIRECTION_ENDING } from "../contributions";
import { askWhereToWrite, chooseDirections } from "../directions/choose";
import { attributeName } from "../studio/attributeNames";
import { askText, BACK, walk, type Step } from "../wizard";

/** A weight is at most so many sigma. */
const LARGEST_WEIGHT = 100;

/** Adds directions up, each by a weight in sigma. */
export async function combineDirections(
  context: Context,
  file?: vscode.Uri,
  files?: vscode.Uri[],
): Promise<void> {
  const title = vscode.l10n.t("Combine Directions");
  const directions = await chooseDirections(context, title, file, files);
  const weights = await walk<readonly number[]>(
    title,
    () => directions.map((direction, index) => askWeight(direction, index)),
    directions.map(() => 1),
  );
  const name = directions.map((direction) => direction.name).join("-");
  const output = await askWhereToWrite(title, name, directions[0]?.path);
  if (output === undefined) return;
  const { path } = await context.engine.ask(DirectionRequests.combineDirections, {
    parts: directions.map((direction, index) => ({ path: direction.path, weight: weights[index] ?? 1 })),
    name: basename(output, DIRECTION_ENDING),
    output,
    models: await context.packs.everywhere(context.library.activeModel),
  });
  context.library.refresh();
  void vscode.window.showInformationMessage(vscode.l10n.t("{0} is saved.", basename(path)));
}

function askWeight(direction: DirectionEntry, index: number): Step<readonly number[]> {
  return async (weights, place) => {
    const text = await askText({
      placeholder: vscode.l10n.t(
        "How many sigma of {0}? Below zero turns it round.",
        attributeName(direction.attribute),
      ),
      place,
      value: String(weights[index] ?? 1),
      problem: (given) =>
        weightOf(given) === undefined
          ? vscode.l10n.t("Write a number from -{0} to {0}, other than zero.", LARGEST_WEIGHT)
          : undefined,
    });
    return text === BACK ? BACK : weights.with(index, weightOf(text) ?? 1);
  };
}

function weightOf(text: string): number | undefined {
  const weight = Number(text.trim());
  return text.trim() !== "" && weight !== 0 && Math.abs(weight) <= LARGEST_WEIGHT ? weight : undefined;
}
