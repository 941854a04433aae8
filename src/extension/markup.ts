export { escape, Markup, markup, type Piece } from "../engine/files";
