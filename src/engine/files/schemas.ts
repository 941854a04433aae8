import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import common from "../../../media/schemas/common.schema.json";
import direction from "../../../media/schemas/direction.schema.json";
import labels from "../../../media/schemas/labels.schema.json";
import latent from "../../../media/schemas/latent.schema.json";
import recipe from "../../../media/schemas/recipe.schema.json";
import { type DocumentKind, type Documents, KIND_NAMES } from "./documents/kinds";
import { RfmError } from "./errors";
import { isJsonObject, type JsonObject } from "./json";

const SCHEMAS: Readonly<Record<DocumentKind, JsonObject>> = { latent, direction, labels, recipe };

/**
 * What documents carry as `$schema`: the schema's identity. The extension serves this scheme from its own
 * `media/schemas`, so the editor checks documents without a network.
 */
export function schemaUri(kind: DocumentKind): string {
  return `rfm-schema:/${kind}.schema.json`;
}

/** The schema of a kind. */
export function schemaOf(kind: DocumentKind): JsonObject {
  return SCHEMAS[kind];
}

/** Follows a `$ref` of a schema to the node that it names; other nodes are returned as they are. */
export function resolveSchema(node: JsonObject): JsonObject {
  const reference = node["$ref"];
  if (typeof reference !== "string") return node;
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  const found = (common.definitions as JsonObject)[name];
  return isJsonObject(found) ? resolveSchema(found) : node;
}

let validator: Ajv | undefined;

/** Compiling takes some ten milliseconds, so it waits for the first document of its kind. */
function validatorOf(kind: DocumentKind): ValidateFunction {
  // Making the checks shorter takes longer than all the checks of one run.
  validator ??= new Ajv({
    schemas: [common, ...Object.values(SCHEMAS)],
    verbose: true,
    strictTypes: false,
    code: { optimize: false },
  });
  const validate = validator.getSchema(schemaUri(kind));
  if (validate === undefined)
    throw new RfmError("document", `The schema of the ${kind} document is missing.`);
  return validate;
}

/**
 * Checks a parsed document of the current version against its schema.
 *
 * @throws RfmError ("document"): one sentence with the name, the place and the reason.
 */
export function validateDocument<Kind extends DocumentKind>(
  value: JsonObject,
  kind: Kind,
  name: string,
): Documents[Kind] {
  const validate = validatorOf(kind);
  if (!validate(value)) {
    const problem = deepest(validate.errors ?? []);
    throw new RfmError(
      "document",
      `${name} is no valid ${KIND_NAMES[kind]}: ${problem === undefined ? "it breaks the schema" : describe(problem)}; correct it, or make it again.`,
    );
  }
  // The schemas and the interfaces in documents/ say the same; a test holds them together.
  return value as unknown as Documents[Kind];
}

/** Where a value may have one of two forms, the complaint furthest inside is about the form that was meant. */
function deepest(problems: readonly ErrorObject[]): ErrorObject | undefined {
  const depth = ({ instancePath }: ErrorObject): number => instancePath.split("/").length;
  return problems.reduce<ErrorObject | undefined>(
    (best, problem) => (best === undefined || depth(problem) > depth(best) ? problem : best),
    undefined,
  );
}

function describe(problem: ErrorObject): string {
  const place = readablePlace(problem.instancePath);
  if (problem.keyword === "required") {
    const inside = place === "" ? "" : ` in "${place}"`;
    return `"${String(problem.params["missingProperty"])}" is missing${inside}`;
  }
  if (problem.keyword === "additionalProperties") {
    return `"${place}" has the unknown key "${String(problem.params["additionalProperty"]).slice(0, 40)}"`;
  }
  return `"${place}" ${problem.message ?? "is wrong"} but is ${brief(problem.data)}`;
}

/** `/w/3/17` as people write it: `w[3][17]`. */
function readablePlace(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~").slice(0, 60))
    .map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join("");
}

function brief(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isJsonObject(value)) return "an object";
  if (typeof value === "string")
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  return String(value);
}
