import { escape } from "../../engine/files";

/**
 * A contact sheet as the page of a panel: links lead to what `link` makes of them, for a panel does not follow paths.
 *
 * @param sheet as the engine writes it
 * @param link what an address in the sheet becomes
 */
export function sheetPage(sheet: string, link: (address: string) => string): string {
  return sheet.replace(
    /<a href="([^"]*)">/g,
    (_, address: string) => `<a href="${escape(link(unescaped(address)))}">`,
  );
}

/** The text behind what {@link escape} wrote. */
function unescaped(text: string): string {
  return text.replace(/&#(\d{1,3});/g, (_, code: string) => String.fromCharCode(Number(code)));
}
