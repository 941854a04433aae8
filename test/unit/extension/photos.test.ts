import { describe, expect, it } from "vitest";
import { runBatch } from "../../../src/extension/photos/batch";
import { isPicture, latentsOf, stemOf } from "../../../src/extension/photos/names";

describe("names", () => {
  it("knows pictures by their ending, whatever its case", () => {
    const pictures = ["a.png", "a.JPG", "a.b.jpeg", "a.webp", "a.avif", "a.tif", "a.TIFF", "a.gif"];
    expect(pictures.filter(isPicture)).toEqual(pictures);
    expect(["a.heic", "a.txt", "png", "a.png.txt", "a.latent.json"].filter(isPicture)).toEqual([]);
  });

  it("takes the ending off photos and latents alike", () => {
    expect(stemOf("portrait.png")).toBe("portrait");
    expect(stemOf("my.portrait.jpeg")).toBe("my.portrait");
    expect(stemOf("my.portrait.latent.json")).toBe("my.portrait");
  });

  it("finds the latents of a photo, of one face or of many, and nobody else's", () => {
    const folder = [
      "group-10.latent.json",
      "group-2.latent.json",
      "group (2).latent.json",
      "group-2 (3).latent.json",
      "group (x).latent.json",
      "group.latent.json",
      "group-x.latent.json",
      "group2.latent.json",
      "group-1.direction.json",
      "other.latent.json",
    ];
    expect(latentsOf("group.jpg", folder)).toEqual([
      "group.latent.json",
      "group (2).latent.json",
      "group-2.latent.json",
      "group-2 (3).latent.json",
      "group-10.latent.json",
    ]);
    expect(latentsOf("g.jpg", folder)).toEqual([]);
  });
});

describe("runBatch", () => {
  it("does the rest after a failure and lists what failed", async () => {
    const work = (item: string): Promise<string> =>
      item === "bad" ? Promise.reject(new Error("no face")) : Promise.resolve(item.toUpperCase());
    const summary = await runBatch(["a", "bad", "b"], work, new AbortController().signal);
    expect(summary.done).toEqual([
      { item: "a", result: "A" },
      { item: "b", result: "B" },
    ]);
    expect(summary.failed).toEqual([{ item: "bad", error: new Error("no face") }]);
    expect(summary.left).toEqual([]);
  });

  it("stops when cancelled and says what it did not begin", async () => {
    const controller = new AbortController();
    const work = (item: string): Promise<string> => {
      if (item === "b") controller.abort();
      return Promise.resolve(item);
    };
    const summary = await runBatch(["a", "b", "c", "d"], work, controller.signal);
    expect(summary.done.map(({ item }) => item)).toEqual(["a", "b"]);
    expect(summary.left).toEqual(["c", "d"]);
  });

  it("does not call the item at hand a failure when cancelling is what ended it", async () => {
    const controller = new AbortController();
    const work = (): Promise<string> => {
      controller.abort();
      return Promise.reject(new Error("Cancelled."));
    };
    const summary = await runBatch(["a", "b"], work, controller.signal);
    expect(summary).toEqual({ done: [], failed: [], left: ["a", "b"] });
  });
});
