import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { decodePicture, alignmentQuad, cropQuad, toTensor } from "../../../src/engine/faces";
import { Inverter } from "../../../src/engine/inversion";
import { weightsOfGrid } from "../../../src/engine/inversion/fast/occlusion";
import { openDemoModel, repository } from "../../support/demoModel";
import { FACE_API } from "../../support/faceNets";
import { OCCLUDERS, paste } from "../../support/pasted";

/** What is before the face is judged after the first half of them. */
const OPTIONS = { iterations: 40, polish: false, identityWeight: 0 };

let inverter: Inverter;
let close: () => Promise<void>;
let face: Float32Array;

beforeAll(async () => {
  const { model, nets, close: closeModel } = await openDemoModel();
  inverter = new Inverter(model, nets);
  close = async () => {
    await inverter.dispose();
    await closeModel();
  };
  face = await faceOf(repository("test/fixtures/photos/astronaut.png"));
}, 60_000);
afterAll(() => close());

/** The largest face of a photo as the model frames faces. */
async function faceOf(path: string): Promise<Float32Array> {
  const { model, faceNets } = inverter;
  const photo = await decodePicture(path);
  const [found] = await faceNets.detect(photo);
  if (found === undefined) throw new Error("no face");
  return toTensor(cropQuad(photo, alignmentQuad(found.landmarks, model.alignment), model.resolution));
}

it("leaves a face alone that nothing is before", async () => {
  expect((await inverter.invert({ x: face }, OPTIONS)).occlusion).toBeUndefined();
}, 60_000);

it.each(OCCLUDERS)(
  "leaves out a %s before the mouth or a cheek, and little else",
  async (occluder) => {
    const size = inverter.model.resolution;
    const { x, covered } = paste(face, size, occluder, 0);
    const { occlusion = [[1]] } = await inverter.invert({ x }, OPTIONS);
    const isLeftOut = [...weightsOfGrid(occlusion, size)].map((weight) => weight < 0.5);
    const share = (where: boolean): number =>
      isLeftOut.filter((left, at) => left && covered[at] === where).length /
      covered.filter((is) => is === where).length;
    expect(share(true)).toBeGreaterThan(0.7);
    expect(share(false)).toBeLessThan(0.15);
  },
  60_000,
);

it("ends as near to the model's own codes where what was suspect is given back", async () => {
  // A bearded face: much of it is suspect at first.
  const x = await faceOf(join(FACE_API, "demo", "sample1.jpg"));
  const options = { ...OPTIONS, iterations: 90 };
  const { occlusion, metrics } = await inverter.invert({ x }, options);
  const all = await inverter.invert({ x }, { ...options, occluders: "fit" });
  expect(occlusion).toBeUndefined();
  expect(metrics.norm).toBeLessThan(1.05 * all.metrics.norm);
  expect(metrics.psnr).toBeGreaterThan(all.metrics.psnr - 0.5);
}, 60_000);

it("leaves nothing out for a model without an encoder", async () => {
  const { model, nets, close: closeModel } = await openDemoModel({ encoder: false });
  const { x } = paste(face, model.resolution, "green bar", 0);
  const { occlusion, notes } = await new Inverter(model, nets).invert({ x }, OPTIONS);
  await closeModel();
  expect(occlusion).toBeUndefined();
  expect(notes).toEqual([]);
}, 60_000);
