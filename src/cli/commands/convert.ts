import { Command } from "commander";
import type { TensorEntry } from "../../engine/checkpoints";
import { RfmError, writeFileAtomically } from "../../engine/files";
import type { Shell, Task } from "../shell";

interface ConvertOptions {
  readonly out: string;
  readonly tensor?: string;
}

/** `rfm convert`: one tensor out of any file as a NumPy array. */
export function convertCommand(shell: Shell): Command {
  const command = new Command("convert")
    .summary("one tensor out of a checkpoint or document as a .npy file")
    .description("Write one tensor as a NumPy array, float32: the only one of the file, or the named one.")
    .argument("<file>", "a .pt, .pth, .pkl, .npy, .npz, .safetensors, .onnx or .json file")
    .requiredOption("--out <x.npy>", "where to write")
    .option("--tensor <name>", "which tensor; `rfm inspect` lists them");
  return command.action(async (file: string, options: ConvertOptions) => {
    await shell.run(command, (task) => convert(task, file, options));
  });
}

async function convert({ output }: Task, file: string, { out, tensor: name }: ConvertOptions): Promise<void> {
  const { toFloat32, writeNpy } = await import("../../engine/checkpoints");
  const tensors = file.toLowerCase().endsWith(".json")
    ? await documentTensors(file)
    : await fileTensors(file);
  const chosen = await choose(file, tensors, name);
  const tensor = await chosen.read();
  await writeFileAtomically(out, writeNpy(toFloat32(tensor), tensor.shape));
  output.result({ path: out, shape: tensor.shape }, `${out}: ${tensor.shape.join("x")}`);
}

type Tensors = ReadonlyMap<string, TensorEntry>;

async function fileTensors(file: string): Promise<Tensors> {
  const { openCheckpoint } = await import("../../engine/checkpoints");
  return (await openCheckpoint(file)).tensors;
}

/** A document's array: the w of a latent, the vector of a direction. */
async function documentTensors(file: string): Promise<Tensors> {
  const { readDocument, documentSuffix } = await import("../../engine/files");
  const kind = (["latent", "direction"] as const).find((each) => file.endsWith(documentSuffix(each)));
  if (kind === undefined)
    throw new RfmError(
      "usage",
      `${file} is neither a latent nor a direction; name a .latent.json or .direction.json.`,
    );
  const document = await readDocument(file, kind);
  const { shape } = document;
  const values = document.kind === "latent" ? document.w : document.vector;
  const data = Float32Array.from((values as readonly (number | readonly number[])[]).flat());
  return new Map([
    [
      kind === "latent" ? "w" : "vector",
      { dtype: "float32", shape, read: () => Promise.resolve({ dtype: "float32", shape, data }) },
    ],
  ]);
}

async function choose(file: string, tensors: Tensors, name: string | undefined): Promise<TensorEntry> {
  const names = [...tensors.keys()];
  const wanted = name ?? (names.length === 1 ? names[0] : undefined);
  const found = wanted === undefined ? undefined : tensors.get(wanted);
  if (found !== undefined) return found;
  if (names.length === 0)
    throw new RfmError("checkpoint", `${file} holds no tensor; look into it by \`rfm inspect\`.`);
  if (name === undefined)
    throw new RfmError(
      "usage",
      `${file} holds ${names.length} tensors; name one by --tensor, for example ${names[0] ?? ""}.`,
    );
  const { nearestNames } = await import("../../engine/directions");
  const near = nearestNames(name, names).join(", ");
  throw new RfmError("usage", `${file} holds no tensor ${name}; did you mean ${near}?`);
}
