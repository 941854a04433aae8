import { openCheckpoint, readSafetensors } from "../../src/engine/checkpoints";
import { trainableEncoder, type RfmNetworks, type TrainableEncoder } from "../../src/engine/inversion";
import {
  encoderE,
  lpips,
  recogniseEncoder,
  recogniseGenerator,
  recogniseLpips,
  styleGan1Synthesis,
} from "../../src/engine/networks";
import type { Graph } from "../../src/engine/onnx";
import { repository } from "./demoModel";
import { fixtureNumbers } from "./networks";

/** Height and width in pixels. */
type Size = readonly [number, number];

/** The narrow networks of test/fixtures/inversion/rfm at one size, and what PyTorch computed of them. */
export interface RfmFixture {
  readonly synthesis: Graph;
  readonly encoder: TrainableEncoder;
  readonly perceptual: (size: Size) => Graph;
  readonly expected: (name: string) => Float32Array;
  /** Names of everything that is expected. */
  readonly names: readonly string[];
  /** The photo [1,3,S,S]. */
  readonly target: Float32Array;
}

/** Reads a fixture of 64 or 256 pixels. */
export async function readRfmFixture(side: number): Promise<RfmFixture> {
  const path = (name: string): string => repository(`test/fixtures/inversion/rfm/${side}.${name}`);
  const generator = recogniseGenerator([await openCheckpoint(path("Gs_dict.pth"))]);
  const encoder = recogniseEncoder([await openCheckpoint(path("E.pth"))]);
  const vgg = recogniseLpips([await openCheckpoint(repository("test/fixtures/lpips/whole.pt"))]);
  if (generator === undefined || encoder === undefined || vgg === undefined)
    throw new Error("the fixture's networks are not recognised");
  const graph = encoderE((await encoder.load()).weights);
  const vggWeights = await vgg.load();
  const expected = await fixtureNumbers(path("expected.safetensors"));
  return {
    synthesis: styleGan1Synthesis((await generator.load()).weights),
    encoder: trainableEncoder({
      graph,
      weights: [...graph.initializers.keys()].filter((name) => !name.startsWith("constant")),
    }),
    perceptual: (size) => lpips(vggWeights, size),
    expected,
    names: [...(await readSafetensors(path("expected.safetensors"))).tensors.keys()],
    target: wavyPhoto(expected("waves"), side),
  };
}

/** The networks of a fixture, with LPIPS for these views. */
export function networksOf(fixture: RfmFixture, sizes: Readonly<Record<string, Size>>): RfmNetworks {
  const { synthesis, encoder, perceptual } = fixture;
  const graphs = Object.entries(sizes).map(([view, size]) => [view, perceptual(size)] as const);
  return { synthesis, encoder, perceptual: { each: Object.fromEntries(graphs) } };
}

function wavyPhoto(waves: Float32Array, side: number): Float32Array {
  const x = new Float32Array(3 * side ** 2);
  for (let plane = 0; plane < 3; plane++) {
    const [a = 0, b = 0, c = 0, d = 0] = waves.subarray(4 * plane);
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        const phase = 9 * a * (row / side) + 7 * b * (column / side) + 6 * c;
        x[(plane * side + row) * side + column] = Math.sin(phase) * (0.5 + 0.5 * d);
      }
    }
  }
  return x;
}
