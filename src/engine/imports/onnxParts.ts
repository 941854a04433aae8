import { readFileBounded, RfmError } from "../files";
import type { OnnxGenerator } from "../models";
import type { Runtime } from "../runtime";
import { adaptModel, describeModel, type ForeignModel, type ForeignValue } from "../onnx";

/** What a person says of an ONNX generator where its file leaves it open. */
export interface OnnxChoices {
  /** What the code is that is edited: z, or w of every layer. Default: w where its input is called so or a mapping is named. */
  readonly space?: "z" | "w";
  /** Name of the input that takes the code. Default: the only one. */
  readonly codeInput?: string;
  /** Name of the output that is the picture. Default: the only one of the shape [n,3,S,S]. */
  readonly pictureOutput?: string;
  /** Numbers that are black and white; default -1 and 1. */
  readonly range?: readonly [black: number, white: number];
}

type Part = OnnxGenerator["synthesis"];

/** Protocol buffers are no larger. */
const MOST = 2 ** 31 - 1;
const COLOURS = 3;
/** Names of inputs that take w, as exporters and their users call them. */
const NAMES_OF_W = /^(?:w|ws|w_?plus|dlatents?(?:_in)?|styles?|latents?_w)$/i;

/**
 * The parts of a generator in one or two ONNX files, told apart by what they give: the synthesis gives pictures [n,3,S,S], the
 * mapping gives its code.
 *
 * @throws RfmError("checkpoint" | "usage") that names the file and what is in the way.
 */
export async function onnxParts(
  paths: readonly string[],
  runtime: Runtime,
  choices: OnnxChoices = {},
): Promise<OnnxGenerator> {
  const files = await Promise.all(
    paths.map(async (path) => {
      const bytes = await readFileBounded(path, MOST);
      const model = describeModel(bytes, path);
      return { path, bytes, model: await withSizes({ path, bytes, model }, runtime, choices) };
    }),
  );
  if (files.length === 1) files.forEach((file) => codeOf(file, choices.codeInput));
  const drawing = files.filter(({ model }) => pictureOf(model, choices) !== undefined);
  const [drawer, other] = drawing;
  if (drawer === undefined) {
    throw new RfmError(
      "checkpoint",
      `${paths.join(", ")} draws no pictures [n,3,S,S] (${files.map(({ model }) => described(model)).join("; ")}); export the generator with sizes that are known, and name its output by --picture where it has several.`,
    );
  }
  if (other !== undefined || files.length > 2) {
    throw new RfmError(
      "usage",
      `${(other ?? files[2])?.path ?? ""} is one file too many: a generator is one file that draws and one that maps z to its code.`,
    );
  }
  const synthesis = partOf(drawer, codeOf(drawer, choices.codeInput), pictureOf(drawer.model, choices));
  const [mapper] = files.filter((file) => file !== drawer);
  const mapping = mapper && partOf(mapper, codeOf(mapper, undefined), codeGiven(mapper));
  const { sizes, name } = synthesis.input;
  const isW = mapping !== undefined || NAMES_OF_W.test(name) || sizes.filter((size) => size > 1).length > 1;
  const space = choices.space ?? (isW ? "w" : "z");
  if (mapping !== undefined && space === "z") {
    throw new RfmError(
      "usage",
      `${mapping.file} maps z, so that the code of ${synthesis.file} is w; leave the mapping out, or say --space w.`,
    );
  }
  return { synthesis, ...(mapping && { mapping }), space, range: choices.range ?? [-1, 1] };
}

interface File {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly model: ForeignModel;
}

/**
 * Sizes of outputs that the exporter left open, found by running the file on zeros. What cannot be run keeps them open: the
 * sentence about what is missing comes later.
 */
async function withSizes(
  { path, bytes, model }: File,
  runtime: Runtime,
  { codeInput }: OnnxChoices,
): Promise<ForeignModel> {
  const [input] =
    codeInput === undefined ? model.inputs : model.inputs.filter(({ name }) => name === codeInput);
  const inside = input?.sizes.slice(1).filter((size) => size !== undefined);
  if (input === undefined || model.inputs.length > 1 || inside?.length !== input.sizes.length - 1)
    return model;
  const outputs: ForeignValue[] = [];
  for (const output of model.outputs) {
    const isOpen = output.isFloat32 && output.sizes.slice(1).includes(undefined);
    outputs.push(isOpen ? await measured(output) : output);
  }
  return { ...model, outputs };

  async function measured(output: ForeignValue): Promise<ForeignValue> {
    const outside = [inside?.reduce((product, size) => product * size, 1) ?? 0];
    try {
      const probe = adaptModel(bytes, path, {
        input: { name: input?.name ?? "", as: "code", outside, inside: inside ?? [] },
        output: { name: output.name, as: "sizes", outside: [output.sizes.length], sizesOnly: true },
        batch: "N",
      });
      const session = await runtime.compile(probe, { name: path, symbols: { N: 1 }, arena: false });
      try {
        const { sizes } = await session.run({ code: new Float32Array(outside[0] ?? 0) });
        return { ...output, sizes: [output.sizes[0], ...Array.from(sizes ?? []).slice(1)] };
      } finally {
        await session.release();
      }
    } catch (error) {
      if (error instanceof RfmError) return output;
      throw error;
    }
  }
}

function partOf({ path, bytes }: File, input: ForeignValue, output: ForeignValue | undefined): Part {
  if (output === undefined) throw new RfmError("checkpoint", `${path} gives nothing that is known here.`);
  return { file: path, bytes, input: rowOf(path, input), output: rowOf(path, output) };
}

/** A value's sizes without the leading axis, which must all be known. */
function rowOf(path: string, { name, sizes, isFloat32 }: ForeignValue): Part["input"] {
  const [batch, ...rest] = sizes;
  const known = rest.filter((size) => size !== undefined);
  if (sizes.length < 2 || known.length !== rest.length || !isFloat32 || (batch ?? 1) !== 1) {
    throw new RfmError(
      "checkpoint",
      `"${name}" of ${path} is ${sizesText(sizes)}, not float32 [n, ...] with sizes that are known and n open or 1; export it so.`,
    );
  }
  return { name, sizes: known };
}

function codeOf({ path, model }: File, wanted: string | undefined): ForeignValue {
  const { inputs } = model;
  const [only] = wanted === undefined ? inputs : inputs.filter(({ name }) => name === wanted);
  const names = inputs.map(({ name }) => name).join(", ");
  if (only === undefined) {
    throw new RfmError(
      "usage",
      `${path} has no input ${wanted ?? ""}; its inputs are ${names || "none at all"}.`,
    );
  }
  if (inputs.length > 1) {
    throw new RfmError(
      "checkpoint",
      `${path} takes more than a code (${names}); export it with its noise, labels and truncation as constants.`,
    );
  }
  return only;
}

/** The picture that a file draws; undefined where it draws none. */
function pictureOf({ outputs }: ForeignModel, { pictureOutput }: OnnxChoices): ForeignValue | undefined {
  const pictures = outputs.filter(({ name, sizes }) => {
    const [, colours, height, width] = sizes;
    const isPicture = sizes.length === 4 && colours === COLOURS && height !== undefined && height === width;
    return isPicture && (pictureOutput === undefined || name === pictureOutput);
  });
  // Generators that give every resolution: the largest one is their picture.
  return pictures.sort((a, b) => (b.sizes[2] ?? 0) - (a.sizes[2] ?? 0))[0];
}

function codeGiven({ path, model }: File): ForeignValue {
  const [first, ...rest] = model.outputs.filter(({ sizes }) => sizes.length === 2 || sizes.length === 3);
  if (first !== undefined && rest.length === 0) return first;
  throw new RfmError(
    "checkpoint",
    `${path} neither draws pictures nor gives one code (${described(model)}); export the mapping network alone.`,
  );
}

/** "z [n,512] -> x [n,3,64,64]": what an ONNX file takes and gives. */
export function described({ inputs, outputs }: ForeignModel): string {
  const listed = (values: readonly ForeignValue[]): string =>
    values
      .slice(0, 4)
      .map(({ name, sizes }) => `${name} ${sizesText(sizes)}`)
      .join(", ");
  return `${listed(inputs) || "nothing"} -> ${listed(outputs) || "nothing"}`;
}

function sizesText(sizes: readonly (number | undefined)[]): string {
  return `[${sizes.map((size) => size ?? "n").join(",")}]`;
}
