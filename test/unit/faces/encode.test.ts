import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { contactSheet, decodePicture, encodePicture, encodePictureBytes } from "../../../src/engine/faces";
import { difference, gradientPicture, paint, pixel, temporaryFolder } from "./pictures";

describe("encodePicture", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  const picture = gradientPicture(80, 60);

  it.each([
    ["a.png", 0],
    ["a.PNG", 0],
    ["a.jpg", 6],
    ["a.jpeg", 6],
    ["a.webp", 10],
  ])("writes %s so that it reads back", async (name, tolerance) => {
    const path = join(folder, name);
    await encodePicture(picture, path);
    expect(difference(await decodePicture(path), picture).largest).toBeLessThanOrEqual(tolerance);
  });

  it("writes what the ending says", async () => {
    await encodePicture(picture, join(folder, "b.webp"));
    expect((await readFile(join(folder, "b.webp"))).toString("latin1", 8, 12)).toBe("WEBP");
    await encodePicture(picture, join(folder, "b.jpg"));
    expect((await readFile(join(folder, "b.jpg"))).readUInt16BE(0)).toBe(0xffd8);
  });

  it("gives the same bytes every time", async () => {
    for (const format of ["png", "jpeg", "webp"] as const) {
      expect(await encodePictureBytes(picture, format)).toEqual(await encodePictureBytes(picture, format));
    }
  });

  it("refuses other endings and pictures that do not fit, and leaves nothing behind", async () => {
    const empty = join(folder, "empty");
    await mkdir(empty);
    await expect(encodePicture(picture, join(empty, "a.bmp"))).rejects.toMatchObject({ code: "usage" });
    await expect(encodePicture(picture, join(empty, "a"))).rejects.toThrow(
      /end it in \.png, \.jpg or \.webp\.$/,
    );
    await expect(encodePicture(gradientPicture(16_400, 1), join(empty, "a.webp"))).rejects.toThrow(
      /write it as PNG\.$/,
    );
    expect(await readdir(empty)).toEqual([]);
  });

  it("says in one sentence where it cannot write", async () => {
    const nowhere = join(folder, "no", "such", "folder", "a.png");
    await expect(encodePicture(picture, nowhere)).rejects.toMatchObject({ code: "file" });
    await expect(encodePicture(picture, nowhere)).rejects.toThrow(nowhere);
    await writeFile(join(folder, "file"), "");
    await expect(encodePicture(picture, join(folder, "file", "a.png"))).rejects.toMatchObject({
      code: "file",
    });
  });
});

describe("contactSheet", () => {
  const red = paint(20, 20, () => [200, 0, 0]);
  const wide = paint(40, 20, () => [0, 0, 200]);

  it("lays pictures out in rows on white", async () => {
    const sheet = await contactSheet([red, red, red], { columns: 2 });
    expect([sheet.width, sheet.height]).toEqual([8 + 2 * 28, 8 + 2 * 28]);
    expect(pixel(sheet, 8, 8)).toEqual([200, 0, 0]);
    expect(pixel(sheet, 36, 27)).toEqual([200, 0, 0]);
    expect(pixel(sheet, 8, 36)).toEqual([200, 0, 0]);
    expect(pixel(sheet, 36, 36)).toEqual([255, 255, 255]);
    expect(pixel(sheet, 7, 7)).toEqual([255, 255, 255]);
  });

  it("fits and centres pictures in their cells", async () => {
    const sheet = await contactSheet([wide], { columns: 5, cell: 80 });
    expect([sheet.width, sheet.height]).toEqual([96, 96]);
    expect(pixel(sheet, 8, 28)).toEqual([0, 0, 200]);
    expect(pixel(sheet, 87, 67)).toEqual([0, 0, 200]);
    expect(pixel(sheet, 40, 27)).toEqual([255, 255, 255]);
  });

  it("makes room for labels and leaves the pictures as they are", async () => {
    const sheet = await contactSheet([red, wide], {
      columns: 2,
      cell: 64,
      labels: ["smile <+2> & more", "age"],
    });
    const bare = await contactSheet([red, wide], { columns: 2, cell: 64 });
    expect(sheet.width).toBe(bare.width);
    expect(sheet.height).toBeGreaterThan(bare.height + 10);
    for (let y = 8; y < 72; y++) {
      const row = ({ data, width }: typeof sheet): Uint8Array =>
        data.subarray(y * width * 3, (y + 1) * width * 3);
      expect(Buffer.compare(row(sheet), row(bare))).toBe(0);
    }
    // Text is drawn with the system's fonts; a machine without any draws none.
    expect(sheet.data.length).toBe(sheet.width * sheet.height * 3);
  });

  it("refuses no pictures", async () => {
    await expect(contactSheet([], { columns: 3 })).rejects.toBeInstanceOf(RangeError);
  });
});
