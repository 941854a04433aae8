/** What a text is compared with: a part of it, or a pattern. */
export type TextMatch = string | RegExp;

/** Whether `text` contains the string, or fits the pattern. */
export function matches(text: string, match: TextMatch): boolean {
  return typeof match === "string" ? text.includes(match) : match.test(text);
}
