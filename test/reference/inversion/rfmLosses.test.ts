import { beforeAll, describe, expect, it } from "vitest";
import {
  hoisted,
  RFM_COEFFICIENTS,
  rfmGraph,
  shrunkSize,
  viewOf,
  VIEWS,
  weightName,
  type RfmNetworks,
} from "../../../src/engine/inversion";
import { gradientName, type Graph } from "../../../src/engine/onnx";
import { difference } from "../../support/networks";
import { networksOf, readRfmFixture, type RfmFixture } from "../../support/rfmFixture";
import { runGraph } from "../../support/runGraph";

const PARTS = ["mse", "kl", "cosine", "perceptual", "ssim", "at1", "at2", "w", "const", "norm"];

describe.each([64, 256])("RFM's losses against torch.autograd at %i pixels", (side) => {
  let fixture: RfmFixture;
  let networks: RfmNetworks;
  let expected: (name: string) => Float32Array;

  beforeAll(async () => {
    fixture = await readRfmFixture(side);
    const sizes = VIEWS.map((view) => [view, shrunkSize(viewOf(view, [side, side]))] as const);
    networks = networksOf(fixture, Object.fromEntries(sizes));
    expected = fixture.expected;
  });

  /** Losses, parts and gradients at the fixture's w. */
  const atCode = (graph: Graph): Promise<Record<string, Float32Array>> =>
    runGraph(graph, { target: fixture.target, w: expected("w"), const: expected("const") });

  it("has the same parts, sums and gradients with respect to w", async () => {
    const found = await atCode(rfmGraph(networks, "latent", RFM_COEFFICIENTS));
    for (const part of PARTS)
      expect(difference(found[`part ${part}`], expected(`part ${part}`)), part).toBeLessThan(1e-4);
    for (const loss of ["image", "latent"]) {
      expect(difference(found[loss], expected(loss)), loss).toBeLessThan(1e-5);
      const slope = found[gradientName(loss, "w")];
      expect(difference(slope, expected(`d ${loss}/d w`)), `slope of ${loss}`).toBeLessThan(1e-3);
    }
  });

  it.runIf(side === 64).each([1, 3])("takes the %i-norm", async (p) => {
    const found = await atCode(rfmGraph(networks, "latent", { ...RFM_COEFFICIENTS, p }));
    expect(difference(found["part norm"], expected(`p${p}.part norm`))).toBeLessThan(1e-5);
    expect(difference(found[gradientName("latent", "w")], expected(`p${p}.d latent/d w`))).toBeLessThan(1e-3);
  });

  it("has the same gradients with respect to every weight of E", async () => {
    const graph = rfmGraph(networks, "encoder", RFM_COEFFICIENTS);
    const weights = [...fixture.encoder.weights].map(
      ([name, { data }]) => [weightName(name), data as Float32Array] as const,
    );
    const found = await runGraph(graph, { target: fixture.target, ...Object.fromEntries(weights) });
    expect(difference(found["code"], expected("encoder w"))).toBeLessThan(1e-4);
    const told = fixture.names.filter((name) => /^d image\/d (?!w$)/.test(name));
    expect([...fixture.encoder.weights.keys()].sort()).toEqual(told.map((name) => name.slice(10)).sort());
    for (const loss of ["image", "latent"]) {
      expect(difference(found[loss], expected(`encoder ${loss}`)), loss).toBeLessThan(1e-4);
      for (const name of fixture.encoder.weights.keys()) {
        const slope = found[gradientName(loss, weightName(name))];
        expect(difference(slope, expected(`d ${loss}/d ${name}`)), `${loss} by ${name}`).toBeLessThan(1e-3);
      }
    }
  });

  it.runIf(side === 64)("falls along its gradient as central differences say", async () => {
    const graph = rfmGraph(networks, "latent", RFM_COEFFICIENTS);
    const slope = (await atCode(graph))[gradientName("image", "w")] ?? expect.fail("no gradient");
    const length = Math.hypot(...slope);
    const at = async (step: number): Promise<number> => {
      const w = expected("w").map((value, i) => value + (step * (slope[i] ?? NaN)) / length);
      return (
        (await runGraph(graph, { target: fixture.target, w, const: expected("const") }))["image"]?.[0] ?? NaN
      );
    };
    const step = 0.001;
    const measured = ((await at(step)) - (await at(-step))) / (2 * step);
    expect(Math.abs(measured / length - 1)).toBeLessThan(0.02);
  });

  it.runIf(side === 64)("gives the same when what depends on the photo alone is computed once", async () => {
    for (const optimised of ["latent", "encoder"] as const) {
      const graph = rfmGraph(networks, optimised, RFM_COEFFICIENTS);
      const { once, every } = hoisted(graph, ["target", "const"]);
      const feeds: Record<string, Float32Array> = {
        target: fixture.target,
        w: expected("w"),
        const: expected("const"),
      };
      for (const [name, { data }] of fixture.encoder.weights) feeds[weightName(name)] = data as Float32Array;
      const kept = once && (await runGraph(once, feeds));
      expect(every.nodes.length).toBeLessThan(graph.nodes.length);
      const [whole, parts] = [await runGraph(graph, feeds), await runGraph(every, { ...feeds, ...kept })];
      expect(Object.keys(parts).sort()).toEqual(Object.keys(whole).sort());
      for (const name of graph.outputs)
        expect(difference(parts[name], whole[name] ?? new Float32Array()), name).toBeLessThan(1e-5);
    }
  });
});
