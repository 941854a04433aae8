import { isAbsolute, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { encodePictureBytes, type Picture } from "../../faces";
import { Markup, markup } from "../../files";
import type { InversionRow } from "./row";

/** Quality of the small pictures. */
const QUALITY = 85;

const STYLE = new Markup(`
  :root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif; }
  body { margin: 1.5rem; }
  ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1rem; list-style: none; padding: 0; }
  li { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 4px; padding: .75rem; }
  h2 { font-size: 1em; margin: 0 0 .5rem; overflow-wrap: anywhere; }
  img { width: calc(50% - .25rem); aspect-ratio: 1; image-rendering: auto; }
  dl { display: grid; grid-template-columns: auto 1fr; gap: 0 .75rem; margin: .5rem 0 0; }
  dd { margin: 0; font-variant-numeric: tabular-nums; }
`);

/** The page's beginning; it loads nothing and runs nothing. */
export function sheetHead(title: string): string {
  return markup`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
<h1>${title}</h1>
<ul>
`.text;
}

/** One face: photo and reconstruction side by side, and how alike they are. @param folder of the sheet */
export async function sheetItem(row: InversionRow, folder: string, pictures: SheetPictures): Promise<string> {
  const photo = seenFrom(folder, row.photo);
  const name = row.face > 0 || row.faces > 1 ? `${photo}, face ${row.face + 1}` : photo;
  const figures: [string, string][] = [
    ["PSNR", decibels(row.psnr)],
    ["SSIM", fixed(row.ssim, 3)],
    ["LPIPS", fixed(row.lpips, 3)],
    ["identity distance", fixed(row.identity, 3)],
    ["norm", fixed(row.norm, 0)],
    ["seconds", fixed(row.seconds, 1)],
  ];
  const shown = figures.filter(([, value]) => value !== "");
  const link = linkTo(row.latent, folder);
  return markup`<li><h2><a href="${link}">${name}</a></h2>
<img src="${await dataUri(pictures.crop)}" alt="photo of ${name}"> <img src="${await dataUri(pictures.reconstruction)}" alt="reconstruction of ${name}">
<dl>${shown.map(([label, value]) => markup`<dt>${label}</dt><dd>${value}</dd>`)}</dl></li>
`.text;
}

/** A face as the photo shows it and as its latent draws it. */
export interface SheetPictures {
  readonly crop: Picture;
  readonly reconstruction: Picture;
}

/** The page's end, with what failed. @param folder of the sheet */
export function sheetTail(
  failed: readonly { readonly piece: string; readonly message: string }[],
  folder: string,
): string {
  const failures = failed.map(({ piece, message }) => {
    const told = message.startsWith(piece) ? seenFrom(folder, piece) + message.slice(piece.length) : message;
    return markup`<li>${told}</li>\n`;
  });
  const part = failures.length === 0 ? undefined : markup`<h2>Not inverted</h2>\n<ul>${failures}</ul>\n`;
  return markup`</ul>\n${part}</html>\n`.text;
}

function decibels(value: number | undefined): string {
  return value === undefined ? "" : `${value.toFixed(1)} dB`;
}

function fixed(value: number | undefined, digits: number): string {
  return value?.toFixed(digits) ?? "";
}

async function dataUri(picture: Picture): Promise<string> {
  const bytes = await encodePictureBytes(picture, "webp", { quality: QUALITY });
  return `data:image/webp;base64,${bytes.toString("base64")}`;
}

/** A path as people read it beside the sheet: what is common to all of them says nothing. On another drive it stays whole. */
function seenFrom(folder: string, path: string): string {
  return relative(folder, resolve(path)) || path;
}

/** Relative, so that folders can be moved together; on another drive there is no such way. */
function linkTo(path: string, folder: string): string {
  const way = relative(folder, path);
  if (isAbsolute(way)) return pathToFileURL(path).href;
  return way.split(sep).map(encodeURIComponent).join("/");
}
