import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodePicture, openFaceNets } from "../src/engine/faces";
import { openRuntime } from "../src/engine/runtime";
import type { Benchmark } from "./measure";
import { median } from "./statistics";

const WIDTH = 8660;
const HEIGHT = 5774;
const GOAL = 3;

/** From the file of a large photo to the landmarks of its face. */
export const photoBenchmark: Benchmark = {
  title: "A large photo",
  about: `test/fixtures/photos/astronaut.png pasted small into a JPEG of ${WIDTH} x ${HEIGHT} pixels (50 megapixels): decoded, detected, landmarks found; the nets are warm, the median of three.`,
  run: async (root) => {
    const folder = await mkdtemp(join(tmpdir(), "rfm-bench-"));
    const runtime = await openRuntime("cpu");
    try {
      const path = join(folder, "large.jpg");
      const { default: sharp } = await import("sharp");
      const portrait = await sharp(join(root, "test/fixtures/photos/astronaut.png")).resize(1500).toBuffer();
      await sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: "#88909a" } })
        .composite([{ input: portrait, left: 4000, top: 2000 }])
        .jpeg()
        .toFile(path);
      const nets = await openFaceNets(join(root, "dist/models/faces"), runtime);
      await nets.detect(await decodePicture(join(root, "test/fixtures/photos/astronaut.png")));
      const seconds: number[] = [];
      for (let run = 0; run < 3; run++) {
        const start = performance.now();
        const faces = await nets.detect(await decodePicture(path));
        seconds.push((performance.now() - start) / 1000);
        if (faces.length !== 1)
          throw new Error(`found ${faces.length} faces in the large photo instead of one`);
      }
      const value = median(seconds);
      return [
        {
          what: "50 megapixels, file to landmarks",
          value: `${value.toFixed(1)} s`,
          against: `goal <= ${GOAL} s`,
          holds: value <= GOAL,
        },
      ];
    } finally {
      await runtime.dispose();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
