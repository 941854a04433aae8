import * as vscode from "vscode";
import { attributeName } from "../studio/attributeNames";
import type { FactWords, ReportWords } from "./reportWords";

/** The words of a report, in the person's language. */
export function reportWords(): ReportWords {
  return {
    quality: vscode.l10n.t("Quality"),
    honest: vscode.l10n.t(
      "AUC and accuracy are measured on held-out faces that took no part in the fit. The RFM columns judge as RFM did: L1 with C = 1, once on the very faces it was fitted on, once on all the rest.",
    ),
    conditionedFigures: vscode.l10n.t(
      "AUC, accuracy and curves are those of the fit that this direction comes from, before it was conditioned; the leaks are its own.",
    ),
    numbers: vscode.l10n.t("Numbers"),
    model: vscode.l10n.t("Model"),
    labelSet: vscode.l10n.t("Label set"),
    attribute: attributeName,
    facts: factWords(),
    heatMap: {
      caption: vscode.l10n.t("Entanglement"),
      note: vscode.l10n.t(
        "How far each attribute's score moves, in standard deviations, per sigma along each direction; measured on edited faces that were scored again.",
      ),
      direction: vscode.l10n.t("Direction"),
    },
    learningCurve: {
      caption: vscode.l10n.t("Learning curve"),
      faces: vscode.l10n.t("faces to train on"),
      held: vscode.l10n.t("on held-out faces"),
      auc: "AUC",
      accuracy: vscode.l10n.t("accuracy"),
      balanced: vscode.l10n.t("balanced accuracy"),
    },
    roc: {
      caption: vscode.l10n.t("ROC curve on held-out faces"),
      falsePositive: vscode.l10n.t("false positives"),
      truePositive: vscode.l10n.t("true positives"),
      chance: vscode.l10n.t("guessing"),
    },
    histogram: {
      caption: vscode.l10n.t("Scores in the label set"),
      score: vscode.l10n.t("score"),
      faces: vscode.l10n.t("faces"),
      threshold: vscode.l10n.t("positive from"),
    },
    layers: {
      caption: vscode.l10n.t("Layers that carry the attribute"),
      own: vscode.l10n.t("the attribute itself"),
      others: vscode.l10n.t("the other attributes"),
      change: vscode.l10n.t("change in standard deviations"),
      layerHeading: vscode.l10n.t("Layer"),
      layer: (layer) => vscode.l10n.t("layer {0}", layer),
    },
    leaks: {
      caption: vscode.l10n.t("Leaks before and after conditioning"),
      before: vscode.l10n.t("before"),
      after: vscode.l10n.t("this direction"),
      projection: vscode.l10n.t("by projection"),
      gradient: vscode.l10n.t("by score gradients"),
      change: vscode.l10n.t("change per standard deviation of the attribute itself"),
      attributeHeading: vscode.l10n.t("Attribute"),
      attribute: attributeName,
      verdict: (projection, gradient, better) =>
        better === "projection"
          ? vscode.l10n.t(
              "Projection helped more: {0} of the leaks is left, by score gradients {1}.",
              projection,
              gradient,
            )
          : vscode.l10n.t(
              "Score gradients helped more: {1} of the leaks is left, by projection {0}.",
              projection,
              gradient,
            ),
    },
  };
}

function factWords(): FactWords {
  return {
    attribute: vscode.l10n.t("Attribute"),
    auc: vscode.l10n.t("AUC [95%]"),
    accuracy: vscode.l10n.t("Accuracy"),
    balanced: vscode.l10n.t("Balanced"),
    majority: vscode.l10n.t("Majority"),
    trainAccuracy: vscode.l10n.t("Accuracy on training faces"),
    positives: vscode.l10n.t("Positives"),
    trainTest: vscode.l10n.t("Faces trained on / held out"),
    dropped: vscode.l10n.t("Faces left out next to the threshold"),
    nonZero: vscode.l10n.t("Coefficients not zero"),
    protocol: vscode.l10n.t("RFM, training faces"),
    protocolRest: vscode.l10n.t("RFM, all the rest"),
    regression: vscode.l10n.t("Regression"),
    solver: vscode.l10n.t("Solver"),
    threshold: vscode.l10n.t("Positive from a score of"),
    sigma: vscode.l10n.t("Sigma"),
    layers: vscode.l10n.t("Layers"),
    effect: vscode.l10n.t("Effect of an edit"),
    conditioned: vscode.l10n.t("Conditioned"),
    discovered: vscode.l10n.t("Discovered"),
    effectOf: (amount, right, faces, change) =>
      vscode.l10n.t(
        "at {0} σ the score moves by {3} standard deviations; the right way on {1} of {2} faces",
        amount,
        right,
        faces,
        change,
      ),
    conditionedOn: (method, on) =>
      method === "projection"
        ? vscode.l10n.t("by projection, on {0}", on)
        : method === "gradient"
          ? vscode.l10n.t("by score gradients, on {0}", on)
          : vscode.l10n.t("by covariance, on {0}", on),
    component: (method, number, share) =>
      vscode.l10n.t("{0}, component {1}, {2} of the variation", method, number, share),
  };
}
