import { afterAll, beforeAll, expect, it } from "vitest";
import { decodePicture, alignmentQuad, cropQuad, toTensor } from "../../../src/engine/faces";
import { Inverter } from "../../../src/engine/inversion";
import { weightsOfGrid } from "../../../src/engine/inversion/fast/occlusion";
import { openDemoModel, repository } from "../../support/demoModel";
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
  const photo = await decodePicture(repository("test/fixtures/photos/astronaut.png"));
  const [found] = await nets.detect(photo);
  if (found === undefined) throw new Error("no face");
  face = toTensor(cropQuad(photo, alignmentQuad(found.landmarks, model.alignment), model.resolution));
}, 60_000);
afterAll(() => close());

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
