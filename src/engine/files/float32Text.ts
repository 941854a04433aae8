import { RfmError } from "./errors";

/** Nine significant digits tell every float32 from its neighbours. */
const ENOUGH_DIGITS = 9;
/** Most random float32 numbers need eight digits, so the search starts there. */
const TYPICAL_DIGITS = 8;

/**
 * The shortest decimal that becomes the same float32 when it is read back (`Math.fround(Number(text))`).
 * Integers up to 2^53 are printed exactly, so that seeds and counts survive.
 *
 * @throws RfmError ("document") for NaN, infinities and numbers beyond the float32 range.
 */
export function float32Text(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (Number.isSafeInteger(value)) return value.toString();
  const rounded = Math.fround(value);
  if (!Number.isFinite(rounded)) {
    throw new RfmError(
      "document",
      `The number ${value} cannot be kept in a document; only finite float32 can.`,
    );
  }
  const attempt = (digits: number): number => Number(rounded.toPrecision(digits));
  const isExact = (candidate: number): boolean => Math.fround(candidate) === rounded;
  let best = attempt(TYPICAL_DIGITS);
  if (!isExact(best)) return attempt(ENOUGH_DIGITS).toString();
  for (let digits = TYPICAL_DIGITS - 1; digits > 0; digits--) {
    const shorter = attempt(digits);
    if (!isExact(shorter)) break;
    best = shorter;
  }
  return Object.is(best, -0) ? "-0" : best.toString();
}
