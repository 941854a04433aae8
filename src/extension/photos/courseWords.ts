import * as vscode from "vscode";
import type { LossCourse } from "../../protocol/engine";
import { drawFigure } from "../report/figure";
import { lossCourse, type CourseWords } from "./lossCourse";

/** The course of an inversion as HTML; nothing where there is too little to draw. */
export function drawCourse(course: LossCourse | undefined): string | undefined {
  const figure = course && lossCourse(course, courseWords());
  return figure && drawFigure(figure, vscode.l10n.t("Numbers")).text;
}

function courseWords(): CourseWords {
  return {
    caption: vscode.l10n.t("Course of the Inversion"),
    iteration: vscode.l10n.t("Optimisation step"),
    value: vscode.l10n.t("Loss"),
    part: vscode.l10n.t("Part of the loss"),
    first: vscode.l10n.t("At the start"),
    last: vscode.l10n.t("At the end"),
    name: partName,
  };
}

/** A part of the loss in the person's language; what is an abbreviation everywhere, or not known, stays as it is. */
function partName(part: string): string {
  switch (part) {
    case "total":
      return vscode.l10n.t("weighted sum");
    case "pixel":
      return vscode.l10n.t("pixels");
    case "identity":
      return vscode.l10n.t("identity");
    case "norm":
      return vscode.l10n.t("norm");
    case "mse":
      return "MSE";
    case "kl":
      return "KL";
    case "cosine":
      return vscode.l10n.t("cosine");
    case "perceptual":
      return "LPIPS";
    case "ssim":
      return "1 − SSIM";
    case "at1":
      return "AT1";
    case "at2":
      return "AT2";
    case "image":
      return vscode.l10n.t("image step");
    case "latent":
      return vscode.l10n.t("latent step");
    case "w":
      return vscode.l10n.t("w re-encoded");
    case "const":
      return vscode.l10n.t("features re-encoded");
    default:
      return part;
  }
}
