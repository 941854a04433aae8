import { join } from "node:path";
import * as vscode from "vscode";
import type { LabelSetEntry } from "../../protocol/directions";
import { attributeName, groupName } from "../studio/attributeNames";
import { askOne, askSome, askText, BACK, type Heading, type Option, type Step, walk } from "../wizard";
import { folderBeside } from "./choose";
import { describeEntry } from "./describe";
import { byGroup, parsePercent, parsePositive, parseThreshold, USUAL_PLAN, type FitPlan } from "./fitChoices";

type Ask = Step<FitPlan>;

/**
 * Asks what to fit, and how. The finer questions come only to those who want them.
 *
 * @param given the label set where it is known already
 * @throws vscode.CancellationError
 */
export function askWhatToFit(
  labelSets: readonly LabelSetEntry[],
  given: LabelSetEntry | undefined,
): Promise<FitPlan> {
  const start: FitPlan = { ...USUAL_PLAN, labelSet: given, output: outputBeside(given) };
  return walk<FitPlan>(
    vscode.l10n.t("Fit Directions"),
    ({ more, penalty }) => [
      ...(given === undefined ? [askLabelSet(labelSets)] : []),
      askAttributes,
      askPenalty,
      askWhetherMore,
      ...(more
        ? [
            askC,
            ...(penalty === "lasso" ? [] : [askClassWeight]),
            askThreshold,
            askDropMiddle,
            askMeasure,
            askOutput,
          ]
        : []),
    ],
    start,
  );
}

const askLabelSet =
  (labelSets: readonly LabelSetEntry[]): Ask =>
  async (plan, place) => {
    const items = labelSets.map((value) => {
      const { label, description } = describeEntry(value);
      return { label, description, value };
    });
    const labelSet = await askOne(items, { placeholder: vscode.l10n.t("Which label set?"), place });
    return labelSet === BACK ? BACK : { ...plan, labelSet, attributes: [], output: outputBeside(labelSet) };
  };

const askAttributes: Ask = async (plan, place) => {
  const attributes = plan.labelSet?.attributes ?? [];
  const items = [...byGroup(attributes)].flatMap(([group, members]): (Option<string> | Heading)[] => [
    {
      label: group === undefined ? "" : groupName(group),
      kind: vscode.QuickPickItemKind.Separator,
    },
    ...members.map(({ name }) => ({
      label: attributeName(name),
      picked: plan.attributes.length === 0 || plan.attributes.includes(name),
      value: name,
    })),
  ]);
  const chosen = await askSome(items, { placeholder: vscode.l10n.t("Which attributes?"), place });
  return chosen === BACK ? BACK : { ...plan, attributes: chosen };
};

const askPenalty: Ask = async (plan, place) => {
  const items: Option<FitPlan["penalty"]>[] = [
    {
      label: "L1",
      description: vscode.l10n.t("logistic regression, as RFM does: few coordinates take part"),
      value: "l1",
    },
    {
      label: "L2",
      description: vscode.l10n.t("logistic regression: all coordinates take part a little"),
      value: "l2",
    },
    {
      label: "SVM",
      description: vscode.l10n.t("linear support vector machine, as InterFaceGAN does"),
      value: "svm",
    },
    {
      label: vscode.l10n.t("Lasso"),
      description: vscode.l10n.t(
        "the scores themselves, by least squares with L1: for age, yaw and other measures",
      ),
      value: "lasso",
    },
  ];
  const marked = items.map((item) => ({ ...item, picked: item.value === plan.penalty }));
  const penalty = await askOne(marked, { placeholder: vscode.l10n.t("How is the boundary fitted?"), place });
  return penalty === BACK ? BACK : { ...plan, penalty };
};

const askWhetherMore: Ask = async (plan, place) => {
  const items: Option<boolean>[] = [
    {
      label: `$(play) ${vscode.l10n.t("Fit")}`,
      description: vscode.l10n.t("into {0}", vscode.workspace.asRelativePath(plan.output)),
      value: false,
    },
    {
      label: `$(settings) ${vscode.l10n.t("More Options...")}`,
      description: vscode.l10n.t("cost, class weight, threshold, middle, measuring, folder"),
      value: true,
    },
  ];
  const placeholder = vscode.l10n.t(
    "{0} attributes of {1}",
    plan.attributes.length,
    plan.labelSet?.name ?? "",
  );
  const more = await askOne(items, { placeholder, place });
  return more === BACK ? BACK : { ...plan, more };
};

const askC: Ask = async (plan, place) => {
  const text = await askText({
    placeholder: vscode.l10n.t("C, the cost of a misfit against the penalty. Less makes sparser directions."),
    place,
    value: String(plan.C),
    problem: (given) =>
      parsePositive(given) === undefined ? vscode.l10n.t("Write a number above zero.") : undefined,
  });
  return text === BACK ? BACK : { ...plan, C: parsePositive(text) ?? plan.C };
};

const askClassWeight: Ask = async (plan, place) => {
  const items: Option<boolean>[] = [
    { label: vscode.l10n.t("Every face weighs the same"), value: false, picked: !plan.balanced },
    {
      label: vscode.l10n.t("Both classes weigh the same"),
      description: vscode.l10n.t("for attributes that few faces have"),
      value: true,
      picked: plan.balanced,
    },
  ];
  const balanced = await askOne(items, { placeholder: vscode.l10n.t("Weight of the classes"), place });
  return balanced === BACK ? BACK : { ...plan, balanced };
};

const askThreshold: Ask = async (plan, place) => {
  const text = await askText({
    placeholder: vscode.l10n.t(
      "Scores from this number on are positive; q0.9 is the top tenth. Empty: each attribute's own.",
    ),
    place,
    value: plan.threshold === undefined ? "" : String(plan.threshold),
    problem: (given) =>
      "problem" in parseThreshold(given)
        ? vscode.l10n.t("Write a number, a quantile such as q0.9, or nothing.")
        : undefined,
  });
  if (text === BACK) return BACK;
  const threshold = parseThreshold(text);
  return { ...plan, threshold: "value" in threshold ? threshold.value : plan.threshold };
};

const askDropMiddle: Ask = async (plan, place) => {
  const text = await askText({
    placeholder: vscode.l10n.t(
      "Percent of each class to leave out next to the threshold. 0 trains on all; InterFaceGAN keeps the extremes.",
    ),
    place,
    value: String(plan.dropMiddle * 100),
    problem: (given) =>
      parsePercent(given) === undefined
        ? vscode.l10n.t("Write a number from 0 to less than 100.")
        : undefined,
  });
  return text === BACK ? BACK : { ...plan, dropMiddle: parsePercent(text) ?? plan.dropMiddle };
};

const askMeasure: Ask = async (plan, place) => {
  const items: Option<boolean>[] = [
    {
      label: vscode.l10n.t("Measure effects and layers"),
      description: vscode.l10n.t("edits faces and scores them again: takes longer"),
      value: true,
      picked: plan.measure,
    },
    { label: vscode.l10n.t("Fit only"), value: false, picked: !plan.measure },
  ];
  const measure = await askOne(items, { placeholder: vscode.l10n.t("What else?"), place });
  return measure === BACK ? BACK : { ...plan, measure };
};

const askOutput: Ask = async (plan, place) => {
  const items: Option<"here" | "elsewhere">[] = [
    { label: vscode.workspace.asRelativePath(plan.output), value: "here" },
    { label: vscode.l10n.t("Another Folder..."), value: "elsewhere" },
  ];
  const where = await askOne(items, { placeholder: vscode.l10n.t("Folder for the directions"), place });
  if (where === BACK) return BACK;
  if (where === "here") return plan;
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("Folder for the directions"),
    canSelectFolders: true,
    canSelectFiles: false,
  });
  if (picked?.[0] === undefined) throw new vscode.CancellationError();
  return { ...plan, output: picked[0].fsPath };
};

/** Directions go into a folder beside their label set, named after it. */
function outputBeside(labelSet: LabelSetEntry | undefined): string {
  const folder = folderBeside(labelSet?.path)?.fsPath ?? "";
  return join(folder, `${labelSet?.name ?? ""}-directions`);
}
