import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodePicture, type Picture } from "../../../src/engine/faces";
import { RfmError, writeDocument, writeFileAtomically, type LatentDocument } from "../../../src/engine/files";
import { photosIn, reportFolder, writeInversionReport } from "../../../src/engine/inversion/batch";
import { buildPack, openModel, openPack, type Model } from "../../../src/engine/models";
import { openRuntime, type Runtime } from "../../../src/engine/runtime";
import { failureOf, temporaryFolder } from "../../support/folder";
import { writeSmallSource } from "../../support/smallModel";

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);

describe("photosIn", () => {
  it("takes files as they are and of folders the pictures, numbers by their value", async () => {
    mkdirSync(at("album", "deeper.png"), { recursive: true });
    for (const name of ["10.png", "9.JPG", "b.webp", "a.txt", ".hidden.png", "9.edited.png", "9.latent.json"])
      writeFileSync(at("album", name), "");
    const [first, ...rest] = await photosIn([at("x.bin"), at("album"), at("album", "9.JPG")]);
    expect(first).toBe(at("x.bin"));
    expect(rest).toEqual(["9.JPG", "10.png", "b.webp"].map((name) => at("album", name)));
  });

  it("leaves a folder without pictures to whoever reads it, so that the others are done", async () => {
    mkdirSync(at("empty"));
    expect(await photosIn([at("empty"), at("album", "9.JPG")])).toEqual([at("empty"), at("album", "9.JPG")]);
  });
});

describe("a batch's report", () => {
  let runtime: Runtime;
  let model: Model;
  beforeAll(async () => {
    mkdirSync(at("source"));
    await writeSmallSource(at("source"));
    await buildPack(at("source"), at("pack"), "test");
    runtime = await openRuntime("cpu");
    model = await openModel(await openPack(at("pack")), runtime);
    const photo: Picture = { width: 40, height: 30, data: new Uint8Array(3600).map((_, i) => (i * 7) % 256) };
    await encodePicture(photo, at(PHOTO));
  });
  afterAll(() => runtime.dispose());

  it("has a line and a pair of pictures for each face, whatever names say, and sentences of what failed", async () => {
    const faces = [0, 1].map((face) => ({
      photo: at(PHOTO),
      latent: at(`=1+1-${face}.latent.json`),
    }));
    const gone = { photo: at("gone.png"), latent: at("gone.latent.json") };
    for (const [index, { latent: path }] of [...faces, gone].entries())
      await writeDocument(path, latent(model, index % 2));
    const failed = [
      { piece: "x", message: "<script>x.png shows no face.</script>" },
      { piece: at("report", "cat.png"), message: `${at("report", "cat.png")} shows no face.` },
    ];
    const { table, sheet } = await writeInversionReport(at("report"), [...faces, gone], failed, model);
    const lines = readFileSync(table, "utf8").split("\r\n");
    expect(lines).toHaveLength(5);
    expect(lines[0]).toBe("photo,face,latent,method,iterations,psnr,ssim,lpips,identity,norm,seconds");
    expect(lines[2]).toBe(
      `"${at(PHOTO).replaceAll('"', '""')}",1,${at("=1+1-1.latent.json")},fast,7,31.5,,,0.25,9,1.5`,
    );
    const page = readFileSync(sheet, "utf8");
    expect(page.match(/<img src="data:image\/webp;base64,[A-Za-z0-9+/=]+"/g)).toHaveLength(6);
    expect(page).not.toContain("<script");
    // Headings and sentences tell the way from the report, not that from the root.
    expect(page).toContain("<li>cat.png shows no face.</li>");
    expect(page).toContain(">../gone.png</a>");
    expect(page).not.toContain(folder);
    expect(page).not.toContain("<b>");
    expect(page).toContain("default-src &#39;none&#39;".replaceAll("&#39;", "'"));
    expect(page).toContain("31.5 dB");
    expect(page).toContain(encodeURIComponent("=1+1-0.latent.json"));
    expect(page.endsWith("</html>\n")).toBe(true);
  });

  it("goes where the latents go", () => {
    expect(reportFolder(["a"], ["a/1.png"], "out")).toBe("out");
    expect(reportFolder(["a"], ["a/1.png"], undefined)).toBe("a");
    expect(reportFolder(["a/1.png", "b/2.png"], ["a/1.png", "b/2.png"], undefined)).toBe("a");
  });
});

it("writes a file that comes in parts as a whole or not at all", async () => {
  async function* parts(count: number): AsyncGenerator<string> {
    for (let part = 0; part < count; part++) yield await Promise.resolve(`${part} `);
    if (count === 3) throw new RfmError("usage", "It broke.");
  }
  await writeFileAtomically(at("whole.txt"), parts(2));
  await failureOf(() => writeFileAtomically(at("whole.txt"), parts(3)));
  expect(readFileSync(at("whole.txt"), "utf8")).toBe("0 1 ");
});

const PHOTO = 'two <b>faces, "quoted".png';

function latent(model: Model, face: number): LatentDocument {
  const { layers, wDimension, name, sha256 } = model;
  return {
    kind: "latent",
    version: 1,
    model: { name, sha256 },
    space: "w+",
    shape: [layers, wDimension],
    norm: 9,
    source: {
      path: "x.png",
      sha256: "0".repeat(64),
      face,
      landmarks: Array.from({ length: 68 }, () => [0, 0] as const),
      quad: [
        [2, 2],
        [2, 18],
        [18, 18],
        [18, 2],
      ],
    },
    inversion: { method: "fast", iterations: 7, losses: {}, beta: 0, p: 2 },
    metrics: { psnr: 31.5, identity: 0.25 },
    edits: [],
    w: Array.from({ length: layers }, () => Array.from({ length: wDimension }, () => 0.1 * (face + 1))),
    run: { createdAt: "2026-01-01T00:00:00Z", version: "0", seconds: 1.5 },
  };
}
