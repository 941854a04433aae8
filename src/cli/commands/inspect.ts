import { Command } from "commander";
import type { Inspection } from "../../engine/imports";
import type { Shell, Task } from "../shell";

/** `rfm inspect`: what a checkpoint or array holds, without importing it. */
export function inspectCommand(shell: Shell): Command {
  const command = new Command("inspect")
    .summary("what a checkpoint or array holds, without importing it")
    .description(
      "Tell what a file seems to be and list its tensors with types, shapes and sizes. Nothing in it is executed.",
    )
    .argument("<file>", "a .pt, .pth, .pkl, .npy, .npz, .safetensors or .onnx file, also packed by gzip");
  return command.action(async (file: string) => {
    await shell.run(command, (task) => inspect(task, file));
  });
}

async function inspect({ output }: Task, file: string): Promise<void> {
  const { inspectFile } = await import("../../engine/imports");
  const inspection = await inspectFile(file);
  output.result(inspection, table(inspection));
}

function table({ path, container, gzip, bytes, guess, tensors, metadata, licences }: Inspection): string {
  const width = Math.max(...tensors.map(({ name }) => name.length), 4);
  const rows = tensors.map(
    ({ name, dtype, shape, bytes: size }) =>
      `${name.padEnd(width)}  ${dtype.padEnd(8)}  ${(shape.join("x") || "scalar").padEnd(18)}  ${sizeText(size).padStart(9)}`,
  );
  const notes = Object.entries(metadata).map(([key, value]) => `${key}: ${value}`);
  return [
    `${path}: ${container}${gzip ? " in gzip" : ""}, ${sizeText(bytes)}`,
    guess,
    ...licences.map((sentence) => `Licence: ${sentence}`),
    ...notes,
    `${tensors.length} ${tensors.length === 1 ? "tensor" : "tensors"}`,
    ...rows,
  ].join("\n");
}

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1 << 20) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / (1 << 20)).toFixed(1)} MB`;
}
