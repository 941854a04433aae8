import * as vscode from "vscode";
import type { OnnxAnswers } from "../../protocol/imports";
import { askOne, BACK, walk, type Option } from "../wizard";

interface Answers {
  readonly space: "z" | "w" | "told";
  readonly range: OnnxAnswers["range"];
}

/**
 * Asks what a generator in ONNX does not tell by itself.
 *
 * @throws vscode.CancellationError where the person closes a question
 */
export async function askOnnx(): Promise<OnnxAnswers> {
  const start: Answers = { space: "told", range: [-1, 1] };
  const { space, range } = await walk(
    vscode.l10n.t("A Generator in ONNX"),
    () => [
      async (answers, place) => {
        const placeholder = vscode.l10n.t("Which code does it draw pictures of?");
        const answer = await askOne(spaces(), { placeholder, place });
        return answer === BACK ? BACK : { ...answers, space: answer };
      },
      async (answers, place) => {
        const placeholder = vscode.l10n.t("Which numbers do its pictures have?");
        const answer = await askOne(ranges(), { placeholder, place });
        return answer === BACK ? BACK : { ...answers, range: answer };
      },
    ],
    start,
  );
  return { range, ...(space === "told" ? {} : { space }) };
}

function spaces(): Option<Answers["space"]>[] {
  return [
    {
      label: vscode.l10n.t("As its names and shapes tell"),
      detail: vscode.l10n.t(
        "w where its input is called so, has a row for each layer, or comes with a mapping.",
      ),
      value: "told",
    },
    { label: "w", detail: vscode.l10n.t("Mapped codes, one or one for each layer."), value: "w" },
    { label: "z", detail: vscode.l10n.t("Gaussian codes: seeds are drawn directly."), value: "z" },
  ];
}

function ranges(): Option<OnnxAnswers["range"]>[] {
  return [
    { label: vscode.l10n.t("{0} is black, {1} is white", -1, 1), value: [-1, 1] },
    { label: vscode.l10n.t("{0} is black, {1} is white", 0, 1), value: [0, 1] },
    { label: vscode.l10n.t("{0} is black, {1} is white", 0, 255), value: [0, 255] },
  ];
}
