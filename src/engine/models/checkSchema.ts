import { Ajv, type ValidateFunction } from "ajv";
import model from "../../../media/schemas/model.schema.json";
import source from "../../../media/schemas/model-source.schema.json";
import perceptual from "../../../media/schemas/perceptual.schema.json";
import scorer from "../../../media/schemas/scorer.schema.json";
import { RfmError } from "../files";

const SCHEMAS = { model, source, scorer, perceptual };
/** What the files describe. */
const NAMES = { model: "model", source: "model", scorer: "scorer", perceptual: "perceptual distance" };

let ajv: Ajv | undefined;

function validator(kind: keyof typeof SCHEMAS): ValidateFunction {
  ajv ??= new Ajv({ schemas: Object.values(SCHEMAS), strictTypes: false, code: { optimize: false } });
  const validate = ajv.getSchema(SCHEMAS[kind].$id);
  if (validate === undefined) throw new RfmError("model", `The schema of ${kind} files is missing.`);
  return validate;
}

/**
 * Parses a JSON file about a model and checks it against its schema.
 *
 * @param path for messages.
 * @throws RfmError("model") with the place that is wrong.
 */
export function parseChecked(text: string, kind: keyof typeof SCHEMAS, path: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RfmError("model", `${path} is no JSON; get the pack of the ${NAMES[kind]} again.`, { cause });
  }
  const validate = validator(kind);
  if (!validate(value)) {
    const [problem] = validate.errors ?? [];
    const place = problem?.instancePath.slice(1).replaceAll("/", ".") ?? "";
    const what = `${place === "" ? "" : `"${place.slice(0, 80)}" `}${problem?.message ?? "is wrong"}`;
    throw new RfmError("model", `${path} describes no ${NAMES[kind]} (${what}); get its pack again.`);
  }
  return value;
}
