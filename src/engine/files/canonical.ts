import type { AnyDocument } from "./documents/kinds";
import { RfmError } from "./errors";
import { float32Text } from "./float32Text";
import { isJsonObject, type Json, type JsonObject } from "./json";
import { resolveSchema, schemaOf, schemaUri } from "./schemas";

/** Lists of at most this many numbers (points, ranges) stay on one line inside a list. */
const SHORT_ROW = 4;

/**
 * Prints a document in its one canonical form: keys in the schema's order (unknown ones behind, sorted), `run`
 * last, numbers as the shortest decimals that give the same float32, and one row of a matrix per line, so that
 * equal documents are equal bytes and differences read well.
 *
 * @throws RfmError ("document") for numbers that are not finite float32.
 */
export function canonicalText(document: AnyDocument): string {
  const { $schema: _schema, run, ...content } = document;
  const ordered = { $schema: schemaUri(document.kind), ...content } as unknown as JsonObject;
  const schema = schemaOf(document.kind);
  const entries = printEntries(ordered, schema, "  ", "");
  const runEntry = printEntries({ run } as unknown as JsonObject, schema, "  ", "");
  return `{\n${[...entries, ...runEntry].join(",\n")}\n}\n`;
}

function printEntries(value: JsonObject, schema: JsonObject, indent: string, place: string): string[] {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const known = Object.keys(properties).filter((key) => value[key] !== undefined);
  const unknown = Object.keys(value).filter(
    (key) => value[key] !== undefined && !Object.hasOwn(properties, key),
  );
  return [...known, ...unknown.sort()].map((key) => {
    const node = isJsonObject(properties[key]) ? properties[key] : additional(schema);
    return `${indent}${JSON.stringify(key)}: ${print(value[key] ?? null, node, indent, `${place}.${key}`)}`;
  });
}

function additional(schema: JsonObject): JsonObject {
  return isJsonObject(schema["additionalProperties"]) ? schema["additionalProperties"] : {};
}

function print(value: Json, schemaNode: JsonObject, indent: string, place: string): string {
  if (typeof value === "number") return printNumber(value, place);
  if (Array.isArray(value)) return printList(value as readonly Json[], schemaNode, indent, place);
  if (!isJsonObject(value)) return JSON.stringify(value);
  const entries = printEntries(value, resolveSchema(schemaNode), `${indent}  `, place);
  return entries.length === 0 ? "{}" : `{\n${entries.join(",\n")}\n${indent}}`;
}

function printNumber(value: number, place: string): string {
  try {
    return float32Text(value);
  } catch (error) {
    throw new RfmError("document", `"${place.slice(1)}" is ${value}, which a document cannot hold.`, {
      cause: error,
    });
  }
}

function printList(list: readonly Json[], schemaNode: JsonObject, indent: string, place: string): string {
  const schema = resolveSchema(schemaNode);
  const itemSchema = isJsonObject(schema["items"]) ? schema["items"] : {};
  const items = list.map((item, index) => print(item, itemSchema, `${indent}  `, `${place}[${index}]`));
  const scalars = list.every((item) => typeof item !== "object" || item === null);
  const shortRows = list.every((item) => isShortRow(item));
  if (list.length === 0 || scalars || shortRows) return `[${items.join(", ")}]`;
  return `[\n${items.map((item) => `${indent}  ${item}`).join(",\n")}\n${indent}]`;
}

function isShortRow(item: Json): boolean {
  return Array.isArray(item) && item.length <= SHORT_ROW && item.every((entry) => typeof entry === "number");
}
