import { basename } from "node:path";
import * as vscode from "vscode";
import { DirectionRequests, type Conditioning, type DirectionEntry } from "../../protocol/directions";
import type { Context } from "../context";
import { askWhereToWrite, chooseDirection, directionsThatFit, options } from "../directions/choose";
import { withNotification } from "../progress";
import { attributeName } from "../studio/attributeNames";
import { askOne, askSome, BACK, walk, type Option } from "../wizard";
import { offerReport } from "../directions/offerReport";

interface Plan {
  readonly on: readonly DirectionEntry[];
  readonly method: Conditioning;
}

/** Frees a direction of others, and shows in its report how much that helped. */
export async function conditionDirection(context: Context, file?: vscode.Uri): Promise<void> {
  const title = vscode.l10n.t("Condition Direction");
  const direction = await chooseDirection(context, title, file);
  const others = (await directionsThatFit(context)).filter(({ path }) => path !== direction.path);
  const plan = await askPlan(direction, others);
  const name = `${direction.name}-conditioned`;
  const output = await askWhereToWrite(title, name, direction.path);
  if (output === undefined) return;
  const models = await context.packs.everywhere(context.library.activeModel);
  const { path } = await withNotification(
    vscode.l10n.t("Conditioning {0}", attributeName(direction.attribute)),
    (working) =>
      context.engine.ask(
        DirectionRequests.conditionDirection,
        {
          path: direction.path,
          on: plan.on.map((other) => other.path),
          method: plan.method,
          output,
          models,
        },
        { ...working, activity: vscode.l10n.t("conditioning") },
      ),
  );
  context.library.refresh();
  await offerReport(context, vscode.l10n.t("{0} is saved.", basename(path)), [path]);
}

function askPlan(direction: DirectionEntry, others: readonly DirectionEntry[]): Promise<Plan> {
  const title = vscode.l10n.t("Condition {0}", attributeName(direction.attribute));
  const methods: Option<Conditioning>[] = [
    {
      label: vscode.l10n.t("Score gradients"),
      description: vscode.l10n.t("keeps the scores where they are; takes a minute or more"),
      value: "gradient",
      picked: true,
    },
    {
      label: vscode.l10n.t("Projection"),
      description: vscode.l10n.t("takes out what lies along the other directions, as InterFaceGAN does"),
      value: "projection",
    },
  ];
  return walk<Plan>(
    title,
    () => [
      async (plan, place) => {
        const picked = plan.on.map(({ path }) => path);
        const on = await askSome(options(others, picked), {
          placeholder: vscode.l10n.t("Which attributes shall stay where they are?"),
          place,
        });
        return on === BACK ? BACK : { ...plan, on };
      },
      async (plan, place) => {
        const method = await askOne(methods, { placeholder: vscode.l10n.t("How?"), place });
        return method === BACK ? BACK : { ...plan, method };
      },
    ],
    { on: [], method: "gradient" },
  );
}
