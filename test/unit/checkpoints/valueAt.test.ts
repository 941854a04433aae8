import { describe, expect, it } from "vitest";
import { openCheckpoint, PickleGlobal, PickleRecord, valueAt } from "../../../src/engine/checkpoints";
import { fixturePath } from "../../support/wavyPictures";

describe("settings beside the tensors", () => {
  it("are found by the names that tensors have, through modules and persistent objects", async () => {
    const { root } = await openCheckpoint(fixturePath("stylegan2/ada-16.pkl"));
    expect(valueAt(root, "G_ema.z_dim")).toBe(16);
    expect(valueAt(root, "G_ema.synthesis.b8.architecture")).toBe("skip");
    expect(valueAt(root, "training_set_kwargs.path")).toBe("/data.zip");
  });

  it("are found in TensorFlow's networks", async () => {
    const { root } = await openCheckpoint(fixturePath("stylegan2/tensorflow-32.pkl"));
    expect(valueAt(root, "2.name")).toBe("Gs");
    expect(valueAt(root, "2.components.mapping.static_kwargs.mapping_lrmul")).toBe(0.05);
    expect(valueAt(root, "0.static_kwargs.mapping_lrmul")).toBeUndefined();
  });

  it("are nothing where the way leads nowhere, or in circles", () => {
    expect(valueAt(undefined, "name")).toBeUndefined();
    expect(valueAt(7, "name")).toBeUndefined();
    const circle = new PickleRecord(new PickleGlobal("m", "n"), []);
    circle.state = [circle, circle];
    const twice = new PickleRecord(new PickleGlobal("m", "n"), [circle, circle]);
    twice.state = twice;
    expect(valueAt(twice, "name.deeper")).toBeUndefined();
  });
});
