import { RfmError } from "../../files";
import { HingeLoss } from "./hingeLoss";
import type { Loss } from "./loss";
import { LogisticLoss } from "./logisticLoss";
import { SquaredLoss } from "./squaredLoss";
import type { BoundaryPenalty, Target } from "./target";

export interface Costs {
  readonly penalty: BoundaryPenalty;
  readonly C: number;
  readonly classWeight: "balanced" | null;
}

/**
 * The loss of one target.
 * @throws RfmError("usage") where there is nothing to tell apart.
 */
export function lossOf(target: Target, n: number, costs: Costs): Loss {
  return target.kind === "classes" ? classLoss(target.signs, n, costs) : valueLoss(target.values, n, costs);
}

function classLoss(signs: Int8Array, n: number, { penalty, C, classWeight }: Costs): Loss {
  checkLength(signs.length, n);
  let positives = 0;
  let negatives = 0;
  for (const sign of signs) {
    if (sign > 0) positives++;
    else if (sign < 0) negatives++;
  }
  if (positives === 0 || negatives === 0) {
    throw new RfmError(
      "usage",
      "All labels are of one class; choose a threshold that leaves examples on both sides.",
    );
  }
  const share = (positives + negatives) / 2;
  const positiveCost = classWeight === null ? C : (C * share) / positives;
  const negativeCost = classWeight === null ? C : (C * share) / negatives;
  const unit = Int8Array.from(signs, Math.sign);
  const each = Float64Array.from(unit, (sign) => (sign === 0 ? 0 : sign > 0 ? positiveCost : negativeCost));
  return penalty === "svm" ? new HingeLoss(unit, each) : new LogisticLoss(unit, each);
}

function valueLoss(values: Float64Array, n: number, { penalty, C }: Costs): Loss {
  checkLength(values.length, n);
  if (penalty === "svm") {
    throw new RfmError(
      "usage",
      "A support vector machine tells two classes apart; give a threshold, or choose the penalty l1 or l2 for scores.",
    );
  }
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (!Number.isFinite(most - least)) {
    throw new RfmError("usage", "The scores hold infinity, or no numbers at all; label those faces again.");
  }
  if (least === most) {
    throw new RfmError("usage", `All scores are ${least}, so there is nothing to learn from them.`);
  }
  return new SquaredLoss(values, C);
}

function checkLength(given: number, n: number): void {
  if (given === n) return;
  throw new RfmError("usage", `${n} codes do not go with ${given} labels; give one label for each code.`);
}
