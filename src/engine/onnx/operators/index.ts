import { RfmError } from "../../files";
import { convolution } from "./convolution";
import { elementwise } from "./elementwise";
import { layout } from "./layout";
import { matrix } from "./matrix";
import { normalization } from "./normalization";
import type { Operator } from "./operator";
import { pooling } from "./pooling";
import { reduction } from "./reduction";
import { resize } from "./resize";

/** Every operator this project's graphs may hold. To add one, write its entry in the file of its kind. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  ...elementwise,
  ...layout,
  ...reduction,
  ...matrix,
  ...convolution,
  ...pooling,
  ...normalization,
  ...resize,
};

/** Names of all operators, for documentation and tests. */
export const OPERATOR_NAMES: readonly string[] = Object.keys(OPERATORS);

/** The operator of this ONNX name. @throws RfmError("graph") where it is not supported. */
export function operatorNamed(name: string): Operator {
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (operator === undefined) {
    throw new RfmError("graph", `The graph uses the ONNX operator ${name}, which is not supported here.`);
  }
  return operator;
}

export type { Backward, Operator } from "./operator";
