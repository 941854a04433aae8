/** Text that is markup already: everything else is escaped when it becomes part of a page. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a template: text is escaped, markup is taken as it is, a list is joined, nothing is left out. */
export type Piece = Markup | string | number | undefined | readonly Markup[];

/** `` markup`<b>${name}</b>` ``: whatever a file says becomes text, never markup. */
export function markup(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  let text = strings[0] ?? "";
  pieces.forEach((piece, index) => {
    text += textOf(piece) + (strings[index + 1] ?? "");
  });
  return new Markup(text);
}

/** A text as it stands in an element or in a quoted attribute. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function textOf(piece: Piece): string {
  if (piece === undefined) return "";
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === "object") return piece.map(({ text }) => text).join("");
  return escape(String(piece));
}
