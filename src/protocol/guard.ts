/** Fields of a message as they come out of `postMessage`, before anything is known about them. */
export type Untrusted = Readonly<Record<string, unknown>>;

/** One check per message type of a discriminated union; a type without a check does not compile. */
export type Checks<Message extends { readonly type: string }> = {
  readonly [Type in Message["type"]]: (fields: Untrusted) => boolean;
};

/** Builds the runtime guard of a discriminated union of messages from its checks. */
export function messageGuard<Message extends { readonly type: string }>(
  checks: Checks<Message>,
): (value: unknown) => value is Message {
  const known = new Map<string, (fields: Untrusted) => boolean>(Object.entries(checks));
  return (value): value is Message => {
    if (!isRecord(value) || typeof value.type !== "string") return false;
    return known.get(value.type)?.(value) ?? false;
  };
}

export const isRecord = (value: unknown): value is Untrusted => typeof value === "object" && value !== null;
export const isString = (value: unknown): value is string => typeof value === "string";
export const isFinite = (value: unknown): value is number => Number.isFinite(value);
export const isSafeInteger = (value: unknown): value is number => Number.isSafeInteger(value);
export const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";

/** A half-open range of layers, [start, end) with 0 <= start < end. */
export const isLayerRange = (value: unknown): value is readonly [number, number] =>
  Array.isArray(value) &&
  value.length === 2 &&
  value.every((bound) => Number.isSafeInteger(bound)) &&
  Number(value[0]) >= 0 &&
  Number(value[0]) < Number(value[1]);
