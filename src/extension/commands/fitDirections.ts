import { basename } from "node:path";
import * as vscode from "vscode";
import { DirectionRequests, type FitResult, type LabelSetEntry } from "../../protocol/directions";
import type { Context } from "../context";
import { Command, DIRECTION_ENDING } from "../contributions";
import { givenLabelSet } from "../directions/choose";
import { choicesOf, type FitPlan } from "../directions/fitChoices";
import { askWhatToFit } from "../directions/fitWizard";
import { namesIn } from "../photos/folders";
import { withNotification } from "../progress";
import { attributeName } from "../studio/attributeNames";

/** Fits directions of a label set's attributes, after asking which and how. */
export async function fitDirections(context: Context, file?: vscode.Uri): Promise<void> {
  const given = await givenLabelSet(context, file);
  const sets = await finishedLabelSets(context, given);
  if (sets === undefined) return;
  const plan = await askWhatToFit(sets, given);
  const { labelSet } = plan;
  if (labelSet === undefined) return;
  const overwrite = await askAboutExisting(plan);
  if (overwrite === undefined) return;
  const models = await context.packs.everywhere(context.library.activeModel);
  const result = await withNotification(
    vscode.l10n.t("Fitting directions of {0}", labelSet.name),
    (working) =>
      context.engine.ask(
        DirectionRequests.fitDirections,
        {
          labelSet: labelSet.path,
          attributes: plan.attributes,
          choices: choicesOf(plan),
          measure: plan.measure,
          output: plan.output,
          overwrite,
          models,
        },
        { ...working, activity: vscode.l10n.t("fitting") },
      ),
  );
  context.library.refresh();
  await tell(context, labelSet.name, result);
}

/** The label sets that can be fitted on; where there are none it is told what to do. */
async function finishedLabelSets(
  { library }: Context,
  given: LabelSetEntry | undefined,
): Promise<readonly LabelSetEntry[] | undefined> {
  if (given?.misfit !== undefined) throw new Error(given.misfit);
  if (given !== undefined && given.done < given.count) {
    const resume = vscode.l10n.t("Resume Labelling");
    const message = vscode.l10n.t(
      "{0} has scores of {1} of its {2} faces.",
      given.name,
      given.done,
      given.count,
    );
    if ((await vscode.window.showWarningMessage(message, resume)) === resume) {
      await vscode.commands.executeCommand(Command.resumeLabelSet, vscode.Uri.file(given.path));
    }
    return undefined;
  }
  const sets = (await library.labelSets()).filter(
    ({ misfit, done, count }) => misfit === undefined && done === count,
  );
  if (sets.length > 0) return sets;
  const create = vscode.l10n.t("Create Label Set...");
  const message = vscode.l10n.t("The workspace has no finished label set of the active model.");
  if ((await vscode.window.showInformationMessage(message, create)) === create) {
    await vscode.commands.executeCommand(Command.createLabelSet);
  }
  return undefined;
}

/** Whether directions that are there already are replaced; nothing: the person changed their mind. */
async function askAboutExisting({ output, attributes }: FitPlan): Promise<boolean | undefined> {
  const names = new Set(await namesIn(vscode.Uri.file(output)));
  const taken = attributes.filter((attribute) => names.has(`${attribute}${DIRECTION_ENDING}`));
  if (taken.length === 0) return false;
  const overwrite = vscode.l10n.t("Overwrite");
  const keepBoth = vscode.l10n.t("Keep Both");
  const message = vscode.l10n.t("{0} has directions of these attributes already.", basename(output));
  const answer = await vscode.window.showWarningMessage(
    message,
    { modal: true, detail: taken.map(attributeName).join(", ") },
    overwrite,
    keepBoth,
  );
  return answer === undefined ? undefined : answer === overwrite;
}

/** What came of it, in one message: how many were fitted, which were not and why. */
async function tell(
  { log, reports }: Context,
  title: string,
  { written, failures, warnings, cancelled }: FitResult,
): Promise<void> {
  const sentences = [
    cancelled
      ? vscode.l10n.t("Stopped; directions fitted until then: {0}.", written.length)
      : vscode.l10n.t("Directions fitted: {0}.", written.length),
    ...failures.slice(0, 3).map(({ attribute, message }) => `${attributeName(attribute)}: ${message}`),
    ...warnings,
  ];
  for (const { attribute, message } of failures) log.error(`${attribute}: ${message}`);
  if (failures.length > 3) {
    sentences.push(vscode.l10n.t("{0} more failures are in the log.", failures.length - 3));
  }
  const show = vscode.l10n.t("Show Report");
  const buttons = written.length > 0 ? [show] : [];
  const say = failures.length > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  if ((await say(sentences.join(" "), ...buttons)) !== show) return;
  await reports.show(
    title,
    written.map(({ path }) => path),
  );
}
