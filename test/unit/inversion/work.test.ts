import { expect, it } from "vitest";
import type { FaceInverter } from "../../../src/engine/inversion";
import { workOf } from "../../../src/engine/inversion/photo/work";

function inverter(encoder: string | undefined, settings: object = {}): FaceInverter<object> {
  const files = encoder === undefined ? {} : { encoder: { sha256: encoder } };
  const manifest = { build: { key: "k" }, files };
  return {
    method: "fast",
    model: { pack: { sha256: "a", manifest } },
    fingerprint: () => settings,
  } as unknown as FaceInverter<object>;
}

it("is other work with other settings, and once the model has an encoder, or another one", () => {
  const works = [
    inverter(undefined),
    inverter(undefined, { beta: 1 }),
    inverter("first"),
    inverter("second"),
  ].map((each) => workOf(each, {}));
  expect(new Set(works).size).toBe(4);
  expect(workOf(inverter("first"), {})).toBe(works[2]);
});
